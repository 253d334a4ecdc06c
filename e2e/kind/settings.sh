# shellcheck shell=bash disable=SC2034
# What every script of this folder begins with: where things are, and the few words they share. Sourced by bash.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TARGET=$HERE/target                                  # what others use: kubeconfig, env, bin/, and log/ of the last run
CACHE=${EBB_CACHE:-$HOME/.cache/ebb}/kind            # what is dear to build, kept between runs and shared by clones
NODE_IMAGE=${EBB_KIND_NODE_IMAGE:-}                  # empty: the node image is built here

CLUSTER=ebb
NODES=io.x-k8s.kind.cluster=$CLUSTER                 # the label that kind gives the nodes' containers
OUR_DOCKER=$CACHE/docker                             # the Docker that docker-up starts where none answers
NETWORK=ebb-kind                                     # the nodes' Docker network, and
BRIDGE=ebb-kind0                                     # the name of its bridge, for the rule that lets nothing leave it:
CLOSED=(DOCKER-USER -i "$BRIDGE" ! -o "$BRIDGE" -m conntrack --ctstate NEW -j REJECT)
SYSCTLS_BEFORE=$CACHE/sysctls-before                 # what cluster-down puts back

# Exit codes, after sysexits.h. Any other failure is 1.
MISSING=69                                           # something that this machine lacks: Docker, Go, disk …
NOT_ROOT=77

export PATH=$TARGET/bin:$PATH:/usr/local/sbin:/usr/sbin:/sbin
export KUBECONFIG=$TARGET/kubeconfig
export KIND_EXPERIMENTAL_DOCKER_NETWORK=$NETWORK
mkdir -p "$TARGET/bin" "$TARGET/log" "$CACHE"

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# fail CODE MESSAGE: one line that names what is wrong and what will not run.
fail() {
    local code=$1
    shift
    say "$*; there is no cluster, so the e2e tests cannot run"
    exit "$code"
}

# step NAME WHAT COMMAND...: says what it does, keeps the output in log/NAME, and says how long it took or how it ended.
step() {
    local name=$1 what=$2 log=$TARGET/log/$1 started=$SECONDS code
    shift 2
    say "$what ..."
    # Not `|| code=$?`: behind it, bash would go on after a command that fails within.
    set +e
    (set -e; "$@") >"$log" 2>&1
    code=$?
    set -e
    if [ $code = $MISSING ] || [ $code = $NOT_ROOT ]; then
        tail -n 1 "$log" >&2
        exit $code
    elif [ $code != 0 ]; then
        tail -n 20 "$log" | sed 's/^/    /' >&2
        say "$name failed with $code after $((SECONDS - started)) s (the whole output: $log)"
        exit "$code"
    fi
    say "    $((SECONDS - started)) s"
}

# one_at_a_time WHAT: waits until no other script holds the lock of that name. Ends with the process.
one_at_a_time() {
    exec 9>"$CACHE/$1.lock"
    flock --nonblock 9 && return
    say "another $1 is running, waiting for it"
    flock 9
}

# key FILE-OR-FOLDER...: twelve digits that change when any of these files does.
key() { (cd "$HERE" && find "$@" -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c 1-12); }

# find_docker: exports the DOCKER_HOST that answers (the caller's or the machine's, else the one of docker-up), or is false.
find_docker() {
    timeout 20 docker version >/dev/null 2>&1 && return
    DOCKER_HOST=unix://$OUR_DOCKER/docker.sock timeout 20 docker version >/dev/null 2>&1 || return
    export DOCKER_HOST=unix://$OUR_DOCKER/docker.sock
}

# install_packages PACKAGE...: from the machine's own package mirror, whose lists may be old.
install_packages() {
    command -v apt-get >/dev/null || fail $MISSING "$* missing, and there is no apt-get to install it"
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y --no-install-recommends "$@" || { apt-get update && apt-get install -y --no-install-recommends "$@"; } ||
        fail $MISSING "$* missing, and apt-get could not install it"
}

# delete_cluster: and what was made around it.
delete_cluster() {
    docker ps --all --quiet --filter "label=$NODES" | xargs -r docker rm --force --volumes
    docker network rm $NETWORK || true
    iptables -D "${CLOSED[@]}" || true
}
