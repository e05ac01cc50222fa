"""What is told of each mistake and of each reason, with the remedy, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.gateway.signing.reasons import Reason
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

SENTENCES: Final[Mapping[str, Text]] = {
    "query-as-sent": Text(
        "쿼리를 보낸 그대로 서명함. API Gateway는 순서를 보장하지 않음. "
        "정규형(키 순 정렬, %20, 대문자 16진수, =)으로 보내고 서명할 것",
        "The query was signed as it was sent. API Gateway does not promise its order: send and sign the "
        "canonical form (sorted by key, %20, upper-case hexadecimal, always =).",
    ),
    "trailing-newline": Text(
        "문자열 끝에 줄바꿈이 붙어 있음. 마지막 줄 뒤에는 아무것도 없어야 함",
        "The string ends with a newline. Nothing stands behind the last line.",
    ),
    "blank-after-colon": Text(
        "헤더 이름의 콜론 뒤에 공백이 있음. name:value로 쓸 것",
        "There is a blank behind the colon of the headers. Write name:value.",
    ),
    "query-decoded": Text(
        "쿼리를 디코딩한 채로 서명함(Java의 URI.getQuery() 등). 인코딩된 그대로(getRawQuery()) 서명할 것",
        "The query was signed decoded (as Java's URI.getQuery() gives it). Sign it encoded (getRawQuery()).",
    ),
    "query-order": Text(
        "쿼리의 순서가 다름. 인코딩된 키의 바이트 순으로 정렬할 것",
        "The pairs of the query are in another order. Sort them by the encoded key, byte by byte.",
    ),
    "query-left-out": Text(
        "쿼리 없이 경로만 서명함. 경로?쿼리를 서명할 것",
        "The path was signed without its query. Sign path?query.",
    ),
    "query-plus": Text(
        "쿼리의 공백을 +로 씀. %20으로 쓸 것",
        "Blanks of the query are written +. Write %20.",
    ),
    "query-without-equals": Text(
        "값이 없는 매개변수에 =가 없음. key=로 쓸 것",
        "A parameter without a value lacks its =. Write key=.",
    ),
    "full-url": Text(
        "전체 URL을 서명함. 경로와 쿼리만 서명할 것",
        "The whole URL was signed. Sign path and query only.",
    ),
    "host-with-scheme": Text(
        "host 줄에 http:// 또는 https://가 있음(NHN 예제의 오기). Host 헤더의 값만 쓸 것",
        "The line of host begins with a scheme (a slip of NHN's example). Write the header's value.",
    ),
    "host-port": Text(
        "host 줄의 포트가 보낸 Host 헤더와 다름. 보낸 값 그대로 서명할 것",
        "The port in the line of host is not as in the header that was sent. Sign the header's value.",
    ),
    "method-case": Text(
        "메서드의 대소문자가 보낸 것과 다름. 보낸 그대로(대문자) 서명할 것",
        "The method is in another case than the one sent. Sign it as sent, in capitals.",
    ),
    "date-rewritten": Text(
        "날짜를 다른 형식이나 시간대로 바꾸어 서명함. x-nhn-date 헤더의 문자열 그대로 서명할 것",
        "The date was written anew, in another form or zone. Sign the text of the header x-nhn-date.",
    ),
    "stage-left-out": Text(
        "경로에서 스테이지를 빼고 서명함. /스테이지로 시작하는 전체 경로를 서명할 것",
        "The path was signed without its stage. Sign the whole path, beginning with /stage.",
    ),
    "path-decoded": Text(
        "경로를 디코딩한 채로 서명함. 보낸 그대로(getRawPath()) 서명할 것",
        "The path was signed decoded. Sign it as it was sent (getRawPath()).",
    ),
    "lower-hex": Text(
        "퍼센트 인코딩의 16진수가 소문자임. 대문자로 쓸 것(%ED)",
        "The hexadecimal digits of percent-encoding are in lower case. Write capitals (%ED).",
    ),
    "header-case": Text(
        "헤더 줄의 이름이 소문자가 아님. 소문자로 쓸 것",
        "The names in the lines of headers are not in lower case. Write them in lower case.",
    ),
    "header-order": Text(
        "헤더 줄의 순서가 headers=와 다름. headers=의 순서대로 쓸 것",
        "The lines of headers are in another order than headers=. Write them in that order.",
    ),
    "header-left-out": Text(
        "headers=에 있는 헤더의 줄이 빠짐. 요청에 있는 헤더는 모두 쓸 것",
        "A header of headers= has no line. Write one for each that the request has.",
    ),
    "absent-header": Text(
        "요청에 없는 헤더의 빈 줄이 있음. 없는 헤더는 줄을 쓰지 말 것",
        "A header that the request lacks has an empty line. Such a header has no line.",
    ),
    "values-with-blank": Text(
        "여러 값을 쉼표와 공백으로 이음. 보낸 값 그대로, 여러 줄은 쉼표만으로 이을 것",
        "Values are joined by a comma and a blank. Sign the value as sent; join lines by a comma alone.",
    ),
    "crlf": Text("줄바꿈이 CRLF임. LF만 쓸 것", "Lines end with CRLF. Use LF alone."),
    "other-algorithm": Text(
        "algorithm=에 쓴 것과 다른 알고리즘으로 서명함",
        "The signature is made with another algorithm than algorithm= says.",
    ),
    "secret-line-end": Text(
        "비밀 키 끝의 줄바꿈(또는 앞뒤 공백)이 서버와 다름. 파일에서 읽은 키의 줄바꿈을 확인할 것",
        "The secret differs from the server's by a line end or blanks around it. Look at how it is read.",
    ),
    "secret-base64": Text(
        "비밀 키를 Base64로 디코딩하여 씀. 문자열의 UTF-8 바이트를 쓸 것",
        "The secret was decoded from Base64. Use the bytes of its text (UTF-8).",
    ),
    "secret-hex": Text(
        "비밀 키를 16진수로 디코딩하여 씀. 문자열의 UTF-8 바이트를 쓸 것",
        "The secret was decoded from hexadecimal. Use the bytes of its text (UTF-8).",
    ),
    "signature-base64": Text(
        "서명이 표준 Base64가 아님(URL용 문자, 패딩 없음, 공백). 표준 문자와 =로 쓸 것",
        "The signature is no standard Base64 (URL alphabet, no padding, blanks). Use + / and =.",
    ),
    "signature-hex": Text(
        "서명을 16진수로 씀. Base64로 쓸 것", "The signature is written in hexadecimal. Write it in Base64."
    ),
    "signature-hex-in-base64": Text(
        "16진수 문자열을 Base64로 씀. HMAC의 바이트를 Base64로 쓸 것",
        "The signature is Base64 of hexadecimal text. Take Base64 of the HMAC's bytes.",
    ),
    "wrong-secret": Text(
        "문자열은 같으나 서명이 다름: 비밀 키가 서버와 다름",
        "The strings are equal and the signature is not: the client's secret is not the server's.",
    ),
    "not-of-this-string": Text(
        "서명은 주어진 문자열의 것이 아님: 비밀 키가 다르거나, 실제로는 다른 문자열에 서명함",
        "The signature is not of the string given: the secret differs, or the program signs another string.",
    ),
    "unknown-difference": Text(
        "알려진 실수와 맞지 않음. 표시된 줄을 비교할 것",
        "No known mistake leads to the client's string. Compare the lines that are marked.",
    ),
    "unknown": Text(
        "알려진 실수로는 이 서명이 나오지 않음: 비밀 키가 다르거나 도중에 요청이 바뀜. "
        "클라이언트가 서명한 문자열을 출력하여 --signed-string으로 줄 것",
        "No known mistake leads to this signature: the secret differs, or the request was changed on the "
        "way. Print the string that the client signs and give it as --signed-string.",
    ),
    "body-digest": Text(
        "content-digest가 본문과 맞지 않음. 보낸 바이트의 SHA-256을 쓸 것",
        "content-digest does not fit the body. Take SHA-256 of the bytes as they are sent.",
    ),
}

REASONS: Final[Mapping[Reason, Text]] = {
    Reason.AUTHORIZATION_EMPTY: Text(
        "Authorization 헤더가 없음", "Send Authorization: hmac algorithm=…, headers=…, signature=…"
    ),
    Reason.ALGORITHM: Text(
        "algorithm은 HmacSHA256이어야 함(HmacSHA1은 스테이지가 허용할 때만)",
        'Write algorithm="HmacSHA256" exactly; HmacSHA1 only where the stage allows it.',
    ),
    Reason.SIGNATURE_EMPTY: Text("signature가 없음", 'Write signature="…".'),
    Reason.HEADERS_MISSING: Text(
        "필수 헤더는 요청에도 headers=에도 있어야 함",
        "A mandatory header must be in the request and in headers=.",
    ),
    Reason.DATE_EMPTY: Text("x-nhn-date 헤더가 없음", "Send x-nhn-date."),
    Reason.DATE_FORMAT: Text(
        "x-nhn-date는 YYYY-MM-DDThh:mm:ssZ 또는 ±hh:mm 형식이어야 함",
        "Write x-nhn-date once, as YYYY-MM-DDThh:mm:ssZ or with ±hh:mm.",
    ),
    Reason.EXPIRED: Text(
        "x-nhn-date가 허용 시간을 벗어남. 클라이언트의 시계를 NTP로 맞출 것",
        "x-nhn-date is outside of the window. Set the client's clock by NTP.",
    ),
    Reason.INVALID: Text(
        "Authorization 헤더를 읽을 수 없음",
        "The header Authorization cannot be read; docs/signing.md has its form.",
    ),
    Reason.SCHEME: Text("Authorization은 hmac으로 시작해야 함", "Authorization must begin with hmac."),
}
