"""What login shells get: U-05, U-54, U-56."""

# ruff: noqa: E501 - one case a line, read as a table

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evidence_samples import checks, evidence, said, verdict

if TYPE_CHECKING:
    from cce.evidence.model import Evidence

LOOP = "for i in /etc/profile.d/*.sh; do\n. $i\ndone\n"
OUTER = "PATH=/usr/bin:/bin; export PATH\n"


def start(profile: str, commands: dict[str, str] | None = None, passwd: str = "", **files: str) -> Evidence:
    """A server with ``/etc/profile`` and others: ``d10`` in profile.d, ``root_bashrc``, ``etc_bashrc``."""
    places = {"d": "/etc/profile.d/{}.sh", "root_": "/root/.{}", "etc_": "/etc/{}"}
    texts = {"/etc/profile": profile}
    for name, content in files.items():
        prefix = next(p for p in ("root_", "etc_", "d") if name.startswith(p))
        texts[
            places[prefix].format(
                name.removeprefix(prefix).replace("__", "\0").replace("_", ".").replace("\0", "_")
            )
        ] = content
    accounts = passwd or "root:0:/root:/bin/bash"
    return evidence(texts=texts, commands=commands, passwd=accounts)


def kept(mode: int, people: str = " minji:1000:/home/minji:/bin/bash") -> Evidence:
    """A server whose time-out stands in a file of profile.d that has a mode."""
    return evidence(
        texts={"/etc/profile": LOOP, "/etc/profile.d/t.sh": "TMOUT=600"},
        files={"/etc/profile": (0o644, 0), "/etc/profile.d/t.sh": (mode, 0)},
        passwd=f"root:0:/root:/bin/bash{people}",
    )


PATHS = [
    ("absolute", start("PATH=/usr/bin:/bin"), "good", "/etc/profile:1"),
    ("a dot in front", start("PATH=.:/usr/bin"), "vulnerable", "PATH=.:/usr/bin"),
    ("a dot in the middle", start("export PATH=/a:.:/b"), "vulnerable", ":1"),
    ("an empty element", start('PATH="/a::/b"'), "vulnerable", ":1"),
    ("a leading colon", start("PATH=:/a"), "vulnerable", ":1"),
    ("a relative directory", start("PATH=bin:/a"), "vulnerable", ":1"),
    ("at the end the guide tolerates it", start("PATH=/a:."), "good", ":1"),
    ("the end becomes the middle", start("PATH=/a:.\nPATH=$PATH:/b"), "vulnerable", ":1"),
    ("in front of the old value", start(f"{OUTER}PATH=.:$PATH"), "vulnerable", ":2"),
    ("in one branch", start("PATH=/a\nPATH=.:/b"), "vulnerable", ":2"),
    ("a later file replaces it", start(f"PATH=.:/a\n{LOOP}", d10="PATH=/b"), "good", "10.sh"),
    ("a later file adds to it", start(f"{OUTER}{LOOP}", d10="PATH=$PATH:.:/b"), "vulnerable", "10.sh:1"),
    ("profile.d is read only if the profile says so", start(OUTER, d10="PATH=.:/b"), "good", ""),
    ("root's own file", start(OUTER, root_bashrc="PATH=.:$PATH"), "vulnerable", "/root/.bashrc:1"),
    ("root's profile", start(OUTER, root_profile="PATH=.:/a"), "vulnerable", "/root/.profile"),
    ("pam_env's file", start("umask 022", etc_environment='PATH="/a:.:/b"'), "vulnerable", "/etc/environment:1"),
    ("the profile replaces pam_env's", start(OUTER, etc_environment="PATH=.:/b"), "good", "/etc/profile"),
    ("quoted in part", start(OUTER, root_profile='PATH=".":$PATH'), "vulnerable", "/root/.profile:1"),
    ("an empty string in front", start(OUTER, root_profile="PATH='':$PATH"), "vulnerable", "/root/.profile:1"),
    ("appended, a dot in the middle", start(OUTER, root_profile="PATH+=:.:/opt/bin"), "vulnerable", "/root/.profile:1"),
    ("appended, a dot at the end", start(OUTER, root_profile='PATH+=":."'), "good", "/root/.profile"),
    ("bash's aliases", start(OUTER, root_bashrc=". ~/.bash_aliases", root_bash__aliases="PATH=.:$PATH"), "vulnerable", "/root/.bash_aliases:1"),
    ("pathmunge", start(f"{OUTER}pathmunge . "), "vulnerable", "pathmunge"),
    ("variables are no relative directories", start("PATH=$HOME/bin:${JAVA}/bin:~/bin:/a"), "good", ""),
    ("an optional old value", start("PATH=.${PATH:+:$PATH}:/x"), "vulnerable", ":1"),
    ("a comment", start(f"#PATH=.:/a\n{OUTER}"), "good", ""),
    ("csh without a csh", start(OUTER, etc_csh_cshrc="set path = (. /bin)"), "good", ""),
    ("csh with one", start(OUTER, passwd="root:0:/root:/bin/tcsh", etc_csh_cshrc="set path = ( . /bin )"), "vulnerable", "csh.cshrc"),
    ("what the shell really got", start(OUTER, {"root PATH": "/usr/bin:.:/bin"}), "vulnerable", "root PATH"),
    ("and what it got at the end", start(OUTER, {"root PATH": "/usr/bin:"}), "good", "root PATH"),
    ("login.defs alone", evidence(texts={"/etc/login.defs": "ENV_SUPATH PATH=/sbin:/bin"}), "good", "ENV_SUPATH"),
    ("nothing sets it", evidence(), "error", "root PATH"),
    ("a start file was denied", evidence(texts={"/etc/profile": OUTER}, unread={("text", "/root/.bashrc"): "denied"}), "error", ".bashrc"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "expected", "mention"), PATHS, ids=[r[0] for r in PATHS])
def test_the_path_of_root_is_what_its_start_files_build(
    why: str, server: Evidence, expected: str, mention: str
) -> None:
    got = verdict("U-05", server)

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)


def test_of_roots_profiles_only_the_first_is_read() -> None:
    server = evidence(texts={"/root/.bash_profile": OUTER, "/root/.profile": "PATH=.:/a"})

    assert "good" == verdict("U-05", server).verdict


def test_a_dot_at_the_end_can_be_refused_by_tailoring() -> None:
    got = checks("unix.root-path", start("PATH=/a:."), tolerate_last=False)

    assert ["vulnerable"] == [check.verdict for check in got]


TIMEOUTS = [
    ("600", start("TMOUT=600"), "good", ":1"),
    ("601", start("TMOUT=601"), "vulnerable", "601"),
    ("0 is off, whatever it is less than", start("TMOUT=0"), "vulnerable", "TMOUT=0"),
    ("negative", start("TMOUT=-1"), "vulnerable", "-1"),
    ("unset", start("umask 022"), "vulnerable", "unset"),
    ("only a comment", start("# TMOUT=300"), "vulnerable", "unset"),
    ("declared readonly", start("declare -xr TMOUT=300"), "good", ""),
    ("the last counts", start(f"TMOUT=600\n{LOOP}", d20="TMOUT=0; export TMOUT"), "vulnerable", "20.sh:1"),
    ("SLES' file of the administrator", start("test -s /etc/profile.local && . /etc/profile.local", etc_profile_local="TMOUT=300"), "good", "profile.local"),
    ("readonly keeps the first", start(f"readonly TMOUT=600\n{LOOP}", d20="TMOUT=0"), "good", "/etc/profile:1"),
    ("set, then made readonly", start("TMOUT=600\nreadonly TMOUT\nTMOUT=0"), "good", ":1"),
    ("unset afterwards", start("TMOUT=600\nunset TMOUT"), "vulnerable", "unset TMOUT"),
    ("RHEL's bashrc", start("umask 022", etc_bashrc="export TMOUT=300"), "good", "/etc/bashrc"),
    ("a sourced bash.bashrc", start(". /etc/bash.bashrc\nTMOUT=900", etc_bash_bashrc="TMOUT=300"), "vulnerable", "900"),
    ("root switches it off", start("TMOUT=600", root_bashrc="TMOUT=0"), "vulnerable", "/root/.bashrc"),
    ("another variable", start("MYTMOUT=300"), "vulnerable", "unset"),
    ("a default value", start("TMOUT=${TMOUT:-300}"), "good", ""),
    ("what cannot be evaluated", start("TMOUT=$LIMIT"), "error", "cannot be evaluated"),
    ("csh without autologout", start("TMOUT=600", passwd="root:0:/root:/bin/bash a:1000:/a:/bin/csh"), "vulnerable", "autologout"),
    ("csh with minutes", start("TMOUT=600", passwd="root:0:/root:/bin/bash a:1000:/a:/bin/csh", etc_csh_login="set autologout=10"), "good", ""),
    ("too many minutes", start("TMOUT=600", passwd="root:0:/root:/bin/bash a:1000:/a:/bin/csh", etc_csh_login="set autologout=60"), "vulnerable", "csh.login:1"),
    ("a file that people cannot read", kept(0o640), "vulnerable", "/etc/profile.d/t.sh root:root 0640"),
    ("a file that they can", kept(0o644), "good", "t.sh:1"),
    ("nobody but root logs in", kept(0o600, people=""), "good", "t.sh:1"),
    ("a profile was cut", evidence(texts={"/etc/profile": "TMOUT=600"}, unread={("text", "/etc/profile"): "cut"}), "error", "cut"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "expected", "mention"), TIMEOUTS, ids=[r[0] for r in TIMEOUTS])
def test_the_last_time_out_that_takes_effect_decides(
    why: str, server: Evidence, expected: str, mention: str
) -> None:
    got = verdict("U-54", server)

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)


UBUNTU = {"os.id": "ubuntu", "os.id_like": "debian"}
GROUPS = "UMASK 022\nUSERGROUPS_ENAB yes"


def pam_umask(arguments: str) -> dict[str, str]:
    """A login whose session takes the umask of login.defs."""
    return {"/etc/pam.d/login": f"session optional pam_umask.so {arguments}"}


PAM = pam_umask("")
UMASKS = [
    ("022", start("umask 022"), "good", ":1"),
    ("stricter", start("umask 077"), "good", ""),
    ("looser", start("umask 002"), "vulnerable", ":1"),
    ("070 is a bigger number and yet open to others", start("umask 070"), "vulnerable", "070"),
    ("the last file wins", start(f"umask 022\n{LOOP}", d30="umask 002"), "vulnerable", "30.sh:1"),
    ("a stricter last file", start(f"umask 002\n{LOOP}", d30="umask 027"), "good", "30.sh"),
    ("one branch of two", start("umask 022", etc_bashrc="umask 002\numask 022"), "vulnerable", "/etc/bashrc:1"),
    ("root's own", start("umask 022", root_bashrc="umask 0000"), "vulnerable", "/root/.bashrc"),
    ("symbolic", start("umask u=rwx,g=rx,o="), "good", "u=rwx"),
    ("symbolic and loose", start("umask u=rwx,g=rwx,o=rx"), "vulnerable", "g=rwx"),
    ("only shown", start("umask 027\numask -S"), "good", ""),
    ("symbolic and shown", start("umask -S u=rwx,g=rx,o="), "good", "u=rwx"),
    ("in a subshell it is not the session's", start(f"umask 002\n{LOOP}", d30="(umask 077; touch /run/x)"), "vulnerable", "/etc/profile:1"),
    ("an argument of pam_umask", evidence(texts={"/etc/login.defs": "UMASK 022", **pam_umask("umask=0002")}), "vulnerable", "umask=0002"),
    ("an argument of pam_umask alone", evidence(texts=pam_umask("umask=027")), "good", "umask=027"),
    ("of another service", evidence(texts={"/etc/login.defs": "UMASK 022", **PAM, "/etc/pam.d/sshd": "session optional pam_umask.so umask=0"}), "vulnerable", "umask=0"),
    ("a commented one", start("#umask 000\numask 022"), "good", ""),
    ("login.defs alone", evidence(texts={"/etc/login.defs": "UMASK 022"}), "good", "login.defs:1"),
    ("a loose login.defs", evidence(texts={"/etc/login.defs": "UMASK 002", **PAM}), "vulnerable", "login.defs:1"),
    ("pam_umask takes a loose one beside a good profile", evidence(texts={"/etc/login.defs": "UMASK 000", "/etc/profile": "umask 022", **PAM}), "vulnerable", "pam_umask"),
    ("without pam_umask the profile decides", evidence(texts={"/etc/login.defs": "UMASK 000", "/etc/profile": "umask 022"}), "good", ""),
    ("Ubuntu makes 002 of it for users with a group of their own", evidence(meta=UBUNTU, texts={"/etc/login.defs": GROUPS, **PAM}), "vulnerable", "login.defs:2 USERGROUPS_ENAB yes"),
    ("also beside a profile, for sessions without a shell", evidence(meta=UBUNTU, texts={"/etc/login.defs": GROUPS, "/etc/profile": "umask 022", **PAM}), "vulnerable", "USERGROUPS_ENAB"),
    ("Debian's pam_umask does not read that", evidence(meta={"os.id": "debian"}, texts={"/etc/login.defs": GROUPS, **PAM}), "good", "UMASK 022"),
    ("without pam_umask nobody reads it", evidence(meta=UBUNTU, texts={"/etc/login.defs": GROUPS}), "good", "UMASK 022"),
    ("switched off", evidence(meta=UBUNTU, texts={"/etc/login.defs": GROUPS, **pam_umask("nousergroups")}), "good", "nousergroups"),
    ("asked for by the module", evidence(texts={"/etc/login.defs": GROUPS, **pam_umask("usergroups")}), "vulnerable", "usergroups"),
    ("077 becomes 007", evidence(texts={"/etc/login.defs": "UMASK 077", **pam_umask("usergroups")}), "vulnerable", "UMASK 077"),
    ("what root's shell got", start("", {"root umask": "0002"}), "vulnerable", "root umask"),
    ("nothing sets it, the shell has 022", start("", {"root umask": "0022"}), "good", "root umask"),
    ("nothing sets it and nothing ran", evidence(), "error", "root umask"),
    ("a variable", start("umask $MASK"), "error", "cannot be evaluated"),
    ("the command timed out", evidence(texts={"/etc/profile": "umask 022"}, unread={("command", "root umask"): "timeout"}), "error", "timeout"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "expected", "mention"), UMASKS, ids=[r[0] for r in UMASKS])
def test_the_umask_in_effect_is_judged_by_bits(
    why: str, server: Evidence, expected: str, mention: str
) -> None:
    got = verdict("U-56", server)

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)
