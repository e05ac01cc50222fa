#!/bin/sh
# Makes the Docker images of the lab without a registry of images, from a Debian 12 root directory.
#
#   build.sh server ROOT     (as root, with a Docker engine running)
#       fleet/debian:12, a server that is a container. ROOT is one of lab/roots/build.sh, its `default` mostly.
#   build.sh lambda BASE
#       public.ecr.aws/lambda/python:3.11 and :3.11-x86_64, the names that `sam local invoke --skip-pull-image` looks
#       for: the minimal Debian BASE of lab/roots/build.sh with CPython 3.11 and, as on AWS, the runtime interface client and boto3.
#
# An image is made again only when what it is made of changed; its label `cce.lab` remembers that.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=../roots/debian.sh
. "$here/../roots/debian.sh"
LAMBDA=public.ecr.aws/lambda/python:3.11
PYTHON=${PYTHON:-python3}

# current IMAGE DIGEST: whether the image exists and was made of that.
current() {
    [ "$(docker image inspect --format '{{index .Config.Labels "cce.lab"}}' "$1" 2>/dev/null)" = "$2" ]
}

# import DIRECTORY IMAGE DIGEST [CHANGE...]
import() {
    directory=$1 image=$2 label=$3
    shift 3
    set -- "$@" "LABEL cce.lab=$label"
    for change in "$@"; do
        shift
        set -- "$@" --change "$change"
    done
    superseded=$(docker image inspect --format '{{.Id}}' "$image" 2>/dev/null || true)
    tar -C "$directory" --exclude=./var/lib/apt/lists/'*' --exclude=./var/cache/apt/'*' --exclude=./usr/share/doc/'*' \
        --exclude=./usr/share/locale/'*' -c . | docker import "$@" - "$image" >/dev/null
    # An older version that a container still uses stays.
    [ -z "$superseded" ] || docker image rm --force "$superseded" >/dev/null 2>&1 || true
    printf '%s: made, %s\n' "$image" "$(docker image inspect --format '{{.Size}} bytes' "$image")"
}

server_image() {
    made_of=$(cat "$here/build.sh" "$1/var/lib/dpkg/status" | sha256sum | cut -d ' ' -f 1)
    if current fleet/debian:12 "$made_of"; then
        echo 'fleet/debian:12: up to date'
        return 0
    fi
    # sshd -T wants the directory that its service makes at boot.
    import "$1" fleet/debian:12 "$made_of" 'CMD ["sh", "-c", "mkdir -p /run/sshd && exec sleep infinity"]'
}

# lambda_root BASE WORK: BASE with Python and the runtime.
lambda_root() {
    cp -a "$1" "$2/root"
    install_packages "$2/root" python3
    mkdir -p "$2/root/var/runtime" "$2/root/var/task" "$2/root/opt"
    timeout "$LIMIT" "$PYTHON" -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-compile \
        --require-hashes --no-deps --only-binary=:all: --python-version 3.11 --implementation cp \
        --target "$2/root/var/runtime" \
        --requirement "$here/runtime.txt" || fail 'pip could not install what a function finds on AWS (lab/images/runtime.txt)'
    cp "$here/bootstrap" "$2/root/var/runtime/bootstrap"
}

lambda_image() {
    made_of=$(cat "$here/runtime.txt" "$here/bootstrap" "$here/build.sh" "$1/var/lib/dpkg/status" | sha256sum | cut -d ' ' -f 1)
    if current "$LAMBDA" "$made_of" && current "$LAMBDA-x86_64" "$made_of"; then
        echo "$LAMBDA: up to date"
        return 0
    fi
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    lambda_root "$1" "$work"
    import "$work/root" "$LAMBDA" "$made_of" 'WORKDIR /var/task' 'ENV LANG=en_US.UTF-8' 'ENV TZ=:UTC' \
        'ENV LAMBDA_TASK_ROOT=/var/task' 'ENV LAMBDA_RUNTIME_DIR=/var/runtime' 'ENTRYPOINT ["/var/runtime/bootstrap"]'
    docker tag "$LAMBDA" "$LAMBDA-x86_64"
}

[ $# -eq 2 ] || fail 'usage: build.sh server ROOT | build.sh lambda BASE'
[ "$(id -u)" -eq 0 ] || fail 'a root directory can only be read and copied whole by root; run it as root'
[ -e "$2/etc/debian_version" ] || fail "$2 holds no Debian; make it with lab/roots/build.sh"
docker info >/dev/null 2>&1 || fail 'no Docker engine answers; install docker.io and start dockerd'
case $1 in
    server) server_image "$2" ;;
    lambda)
        "$PYTHON" -m pip --version >/dev/null 2>&1 || fail "$PYTHON has no pip; name one that has in PYTHON"
        lambda_image "$2"
        ;;
    *) fail "there is no image '$1'; the images are: server lambda" ;;
esac
