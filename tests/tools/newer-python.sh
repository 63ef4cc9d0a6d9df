#!/usr/bin/env bash
# Runs targets of the Makefile in a Debian 13 in a folder, for the versions of ansible-core that want a newer Python
# than this machine has. Needs root on a Debian or Ubuntu; processes and mounts vanish with it. Ends with 77 where such
# a folder cannot be had.
#   bash tests/tools/newer-python.sh 2.21 unit sanity units integration molecule
set -euo pipefail

core=${1:?ansible-core version, such as 2.21}
shift
root=${XDG_CACHE_HOME:-$HOME/.cache}/idops-okta/debian-13

make_debian() {
  [ "$(id -u)" = 0 ] && unshare --mount --pid --fork true || return
  if [ -e "$root/.done" ]; then return; fi
  command -v debootstrap >/dev/null || { apt-get update -q && apt-get install -y -q debootstrap; } >/dev/null || return
  rm -rf "$root"
  mkdir -p "$root"
  debootstrap --variant=minbase \
    --include=python3,python3-venv,git,make,openssh-client,shellcheck,ca-certificates trixie "$root" >/dev/null || return
  # Where this machine trusts a certificate authority of its own, pip has to as well.
  if [ -e /etc/ssl/certs/ca-certificates.crt ]; then
    cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
  fi
  touch "$root/.done"
}

if ! make_debian; then
  echo "A newer Python cannot be had here: that takes root, the right to mount, and Debian's debootstrap." >&2
  exit 77
fi

mkdir -p "$root/src"
find "$root/src" -mindepth 1 -maxdepth 1 ! -name .cache -exec rm -rf {} +
git ls-files -z -co --exclude-standard \
  | while IFS= read -r -d '' file; do if [ -e "$file" ]; then printf '%s\0' "$file"; fi; done \
  | tar --null -T - -cf - | tar -xf - -C "$root/src"

# shellcheck disable=SC2016  # expanded by the inner shell
unshare --mount --pid --fork --kill-child bash -euc '
  root=$1
  shift
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  exec chroot "$root" /usr/bin/env HOME=/src/.cache/home LC_ALL=C.UTF-8 PATH=/usr/bin:/bin \
    bash -euc "cd /src; mkdir -p .cache/home; git init -q; make \"\$@\"" make "$@"
' _ "$root" CORE="$core" "$@"
