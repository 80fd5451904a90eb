#!/usr/bin/env bash
# Ship the built site to a host and switch over when it answers.
set -euo pipefail

host=${1:?host}
build=${2:-dist}
keep=5

release=$(date +%Y%m%d-%H%M%S)
target="/srv/site/releases/$release"

log() {
  printf '%s %s\n' "$(date +%T)" "$*"
}

upload() {
  log "uploading $build"
  ssh "$host" mkdir -p "$target"
  rsync -a "$build"/ "$host:$target/"
}

switch_over() {
  log "switching to $release"
  ssh "$host" ln -sfn "$target" /srv/site/current
}

check() {
  curl -fsS "https://$host/health" > /dev/null
}

prune() {
  log "keeping the last $keep releases"
  ssh "$host" "ls -1d /srv/site/releases/* | head -n -$keep | xargs -r rm -rf"
}

upload
switch_over
check
prune
log "done"
