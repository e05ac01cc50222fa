# --- web servers: the lines of their files that rules need
# Apache's and nginx's configurations hold keys, passwords and tokens by any name; so of each file only
# the directives that rules read are printed. All files of one round are read by one awk; what it
# asks for comes as "+": i include, v variable, r document root, a directory of an Alias, b new base.
WEB='
BEGIN {
  class = ENVIRON["C"]; base = ENVIRON["BASE"]
  split(ENVIRON["NAMES"], name, "\n"); sizes = split(ENVIRON["SIZES"], size, "\n")
  n = split(ENVIRON["VARS"], v, "\n")
  for (i = 1; i <= n; i++) { at = index(v[i], "="); var[substr(v[i], 1, at - 1)] = substr(v[i], at + 1) }
  SECTION = "^(directory|virtualhost|location|files|directorymatch|locationmatch|filesmatch|if(module|define|version|file|directive|section))$"
  WHOLE = "^(options|allowoverride|allowoverridelist|accessfilename|documentroot|virtualdocumentroot|user|group|server(tokens|signature|root|name)|limitrequestbody|include(optional)?|undefine|(script)?alias(match)?|userdir|listen|authtype|order|authmerging)$"
  ALL = "^[\"'"'"']?(/|\\^/?|\\^?/?[?]?\\(?[.][*]\\)?[$]?)[\"'"'"']?$"
  BLOCK = "^(http|server|location|if)$"
  KEEP = "^(user|root|alias|autoindex|client_max_body_size|server_tokens|disable_symlinks|include|server_name)$"
  BARE = "^((proxy|fastcgi|uwsgi|scgi|grpc|memcached)_pass|return|internal|allow|auth_basic|auth_request|stub_status)$"
  for (f = 1; f < ARGC; f++) {
    path = name[f]; bytes = number = depth = skip = first = lua = 0; joined = statement = quote = ""; why = "ok"
    if (sizes != ARGC - 1) why = "error"
    else if (size[f] + 0 > ENVIRON["N"] + 0) why = "cut"
    else {
      while ((got = (getline s < ARGV[f])) > 0) { number++; bytes += length(s) + 1; one(s) }
      close(ARGV[f])
      if (joined != "") { s = joined; joined = ""; apache(s) }
      # Fewer bytes than the file has: this awk stops at a NUL.
      if (got < 0 || (bytes != size[f] && bytes != size[f] + 1) || depth || statement quote != "") why = "error"
    }
    print "text\t" path "\t" why
  }
}
function put(s, at) { print "line\t" path "\t" (at ? at : number) "\t" esc(cut500(s)) }
function bare(s) { gsub(/^["'"'"']|["'"'"']$/, "", s); return s }
function ask(kind, s,   out, key) {
  while (match(s, /\$\{[A-Za-z0-9_]+[}]/)) {
    key = substr(s, RSTART + 2, RLENGTH - 3)
    if (!(key in var)) break
    out = out substr(s, 1, RSTART - 1) var[key]
    s = substr(s, RSTART + RLENGTH)
  }
  s = out s
  if (s == "") return
  if (kind != "i" && class == "nginx") sub(/\/conf$/, "", base)
  print "+" kind (s ~ /^\// ? "" : base "/") s
}
function one(s) {
  if (class == "env") env(trim(s))
  else if (class == "page") { if (!first && match(tolower(s), /welcome to nginx!|(debian|ubuntu) default page|test page|it works!/)) { first = 1; put(substr(s, RSTART, RLENGTH)) } }
  else if (class == "nginx") nginx(s)
  else {
    if (joined == "") first = number
    if (length(joined) < 8192 && sub(/\\$/, "", s)) { joined = joined s; return }
    s = joined s; joined = ""
    apache(s)
  }
}
function env(s,   w, i, n, out) {
  if (s ~ /^(export[ \t]+|:[ \t]*\$\{)?APACHE_(RUN_USER|RUN_GROUP|CONFDIR|MODULES)[:=]/) {
    put(s)
    sub(/^[^A]*/, "", s); n = index(s, "="); w[1] = substr(s, 1, n - 1); sub(/:$/, "", w[1])
    s = substr(s, n + 1); sub(/[}].*/, "", s); print "+v" w[1] "=" bare(s)
  } else if (s ~ /^(export[ \t]+)?(APACHE_ARGUMENTS|APACHE_SERVER_FLAGS|OPTIONS)=/) {
    sub(/^export[ \t]+/, "", s); i = index(s, "="); out = substr(s, 1, i); s = substr(s, i + 1)
    if (out ~ /FLAGS/) { if (s ~ /^["'"'"']?[-A-Za-z0-9_ ]*["'"'"']?$/) put(out s); return }
    while (match(s, /-D[ \t]*[A-Za-z0-9_]+/)) { out = out substr(s, RSTART, RLENGTH) " "; s = substr(s, RSTART + RLENGTH) }
    put(trim(out))
  }
}
# words: of a directive, at most four, quotes taken off.
function words(s, w,   n) {
  split("", w)
  while (n < 4 && (s = trim(s)) != "") {
    if (!match(s, /^"([^"\\]|\\.)*"?|^'"'[^']*'?"'/)) match(s, /^[^ \t]+/)
    w[++n] = bare(substr(s, 1, RLENGTH)); s = substr(s, RLENGTH + 1)
  }
  return n
}
function apache(s,   w, n, low) {
  s = trim(s)
  if (s == "" || s ~ /^#/) return
  if (s ~ /^</) {
    match(s, /^<\/?[A-Za-z]*/); low = tolower(substr(s, 1, RLENGTH))
    put(substr(low, 2) ~ SECTION ? s : low ">", first)
    return
  }
  n = words(s, w); low = tolower(w[1])
  if (low == "define") {
    if (w[3] !~ /^[A-Za-z0-9_.\/-]*$/ || tolower(w[2]) ~ WORD) w[3] = ""
    put(trim(w[1] " " w[2] " " w[3]), first)
    if (w[3] != "") { var[w[2]] = w[3]; print "+v" w[2] "=" w[3] }
  } else if (low == "loadmodule") put(w[1] " " w[2], first)
  else if (low == "require") put(w[1] " " w[2] (tolower(w[2]) == "all" ? " " w[3] : ""), first)
  else if (low == "allow" || low == "deny") put(w[1] " from " (tolower(w[3]) == "all" ? "all" : "some"), first)
  else if (low ~ /^(redirect(permanent|temp|match)?|proxypass(match)?)$/) { if (w[2] ~ ALL || w[3] ~ ALL || (low == "proxypass" && w[2] ~ /^[a-z]+:/)) put(w[1] " /", first) }
  else if (low == "rewriterule") { if (w[2] ~ ALL && w[3] ~ /^https?:/) put(w[1] " /", first) }
  else if (low == "use") put(w[1], first)
  else if (low ~ WHOLE) {
    put(s, first)
    if (low == "serverroot") { base = w[2]; sub(/\/+$/, "", base); print "+b" base }
    else if (low ~ /^include/) ask("i", w[2])
    else if (low == "documentroot") ask("r", w[2])
    else if (low ~ /^(script)?alias$/) ask("a", w[n])
  }
}
# nginx: statement by statement, wherever lines end.
function nginx(s) {
  while (s != "") {
    if (lua) {
      if (!match(s, /[{}]/)) return
      depth += substr(s, RSTART, 1) == "{" ? 1 : -1
      if (depth < lua) lua = 0
      s = substr(s, RSTART + 1)
    } else if (quote != "") {
      if (!(quote == "\"" ? match(s, /^([^"\\]|\\.)*"/) : match(s, /^([^'"'"'\\]|\\.)*'"'"'/))) { statement = substr(statement s " ", 1, 8192); return }
      statement = statement substr(s, 1, RLENGTH); s = substr(s, RLENGTH + 1); quote = ""
    } else if (s ~ /^[ \t\r]/) { sub(/^[ \t\r]+/, "", s); if (statement != "") statement = statement " " }
    else if (s ~ /^#/) break
    else if (s ~ /^[;{}]/) { ends(substr(s, 1, 1)); s = substr(s, 2) }
    else if (s ~ /^["'"'"']/) { quote = substr(s, 1, 1); statement = statement quote; s = substr(s, 2) }
    else {
      if (!match(s, /^(\\.|\$\{|[^ \t\r;{\\])+/)) RLENGTH = 1
      statement = statement substr(s, 1, RLENGTH); s = substr(s, RLENGTH + 1)
    }
  }
  if (statement != "") statement = statement " "
}
function ends(c,   w, s, low) {
  s = trim(statement); statement = ""
  words(s, w); low = w[1]
  if (c == "{") {
    depth++
    if (low ~ /_lua_block$/) { lua = depth; return }
    if (skip) return
    if (low ~ BLOCK) put(low == "location" ? s " {" : low " {")
    else skip = depth
  } else if (c == "}") {
    if (skip == depth) skip = 0
    else if (!skip) put("}")
    depth--
  } else if (skip) return
  else if (low ~ KEEP) {
    put(s ";")
    if (low == "include") ask("i", w[2])
    else if (low == "root" || low == "alias") ask("r", w[2])
  } else if (low ~ BARE) put(low (w[2] == "off" ? " off;" : ";"))
  else if (low == "deny" && w[2] == "all") put("deny all;")
}'
