# Sourced by ../scenario and ./with, which set $root. POSIX sh. Prints its progress only on stderr.
# Installs what the checkout needs: Node 24, pnpm, the dependencies. Everything goes into .lab and
# node_modules, so that removing the checkout removes all of it. When everything is installed, this
# costs one `cmp` (and one `node -v` if the machine has its own Node 24).

node_wanted=24.21.0 # any Node 24 on PATH is used; this version is fetched if PATH has none
pnpm_wanted=12.21.0
tools=$root/.lab/tools
bring_log=$root/.lab/logs/bring.log
stamp=$root/node_modules/.in-doubt-lock.yaml # copy of the lockfile of the last installation

say() { printf 'In Doubt: %s\n' "$*" >&2; }

# give_up WHAT NEXT-STEP: exit code 2 means "could not run", as in the CLI.
give_up() {
  say "$1"
  if [ -s "$bring_log" ]; then
    if grep -Eq 'ENOSPC|No space left' "$bring_log"; then
      say 'Why: the disk is full.'
    elif grep -Eq 'ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH' "$bring_log"; then
      say 'Why: the package registry cannot be reached (offline, or a proxy is missing).'
    fi
    tail -n 5 "$bring_log" | sed 's/^/  | /' >&2
    say "Log: $bring_log"
  fi
  say "Next: $2"
  exit 2
}

# is_brought NAME VERSION: the version file is written before the folder is renamed.
is_brought() {
  brought=
  [ -f "$tools/$1/version" ] && read -r brought <"$tools/$1/version"
  [ "$brought" = "$2" ]
}

# A symlink is created with its target (our pid) in one step, so a lock always has an owner. A lock
# of a dead owner (kill -9, power cut) is renamed: only one waiting process can win the rename.
lock() {
  waited=
  until ln -s "$$" "$tools/lock" 2>/dev/null; do
    if ! owner=$(readlink "$tools/lock"); then # just released, or the disk cannot store links
      tries=$((${tries:-0} + 1))
      [ "$tries" -lt 100 ] || give_up "cannot write to $tools." 'check its free space and its access rights.'
      continue
    fi
    if ! kill -0 "$owner" 2>/dev/null; then
      mv "$tools/lock" "$tools/lock.stale.$$" 2>/dev/null && rm -f "$tools/lock.stale.$$"
      continue
    fi
    [ -n "$waited" ] || say "waiting for another set-up of this checkout (process $owner)"
    waited=yes
    sleep 1
  done
}

unlock() {
  rm -rf "$tools"/*.tmp."$$"
  [ "$(readlink "$tools/lock")" = "$$" ] && rm -f "$tools/lock"
}

# bring NAME VERSION PROGRAM: installs the npm package into a temporary folder, runs the program once,
# and then renames the folder, so that an interrupted download never looks finished.
bring() {
  is_brought "$1" "$2" && return # another process has installed it during the wait
  say "installing $1 $2 (once)"
  new=$tools/$1.tmp.$$
  mkdir -p "$new"
  npm install --prefix "$new" --global=false --no-save --no-package-lock --no-audit --no-fund \
    --no-progress --loglevel=error --ignore-scripts=false "$1@$2" >>"$bring_log" 2>&1 ||
    give_up "could not fetch $1 $2 with npm." 'fix this and run the same command again.'
  "$new/$3" --version >>"$bring_log" 2>&1 ||
    give_up "the $1 $2 that npm installed does not run on this machine." \
      "install Node 24 yourself so that 'node' on PATH is version 24, then run this again."
  echo "$2" >"$new/version"
  rm -rf "${tools:?}/$1"
  mv "$new" "$tools/$1"
}

bring_everything() {
  if ! mkdir -p "$tools" "$root/.lab/logs" 2>/dev/null || ! : >>"$bring_log"; then
    bring_log= # an old log does not explain this error
    give_up "cannot write to $root/.lab." 'make the checkout writable, or free some disk space.'
  fi
  trap unlock EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  lock
  rm -rf "$tools"/*.tmp.* # left by a killed process
  : >"$bring_log"
  if [ "$has_node" = no ] || ! is_brought pnpm "$pnpm_wanted"; then
    command -v npm >/dev/null 2>&1 ||
      give_up 'npm is needed to fetch Node 24 and pnpm, but PATH has no npm.' \
        'install Node (18 or later, npm comes with it) from https://nodejs.org and run this again.'
  fi
  [ "$has_node" = own ] || bring node "$node_wanted" node_modules/node/bin/node
  bring pnpm "$pnpm_wanted" node_modules/.bin/pnpm
  if ! cmp -s "$root/pnpm-lock.yaml" "$stamp"; then
    say 'installing the dependencies (when the lockfile has changed)'
    cp "$root/pnpm-lock.yaml" "$tools/lock.tmp.$$" # the installed lockfile, even if the file changes meanwhile
    # CI=true: no questions. --prod=false: install the test tools also with NODE_ENV=production.
    (cd "$root" && CI=true pnpm install --frozen-lockfile --prod=false --reporter=append-only) \
      >>"$bring_log" 2>&1 ||
      give_up 'could not install the dependencies with pnpm.' 'fix this and run the same command again.'
    mv "$tools/lock.tmp.$$" "$stamp"
  fi
  unlock
  trap - EXIT INT TERM HUP
}

has_node=no
PATH=$tools/pnpm/node_modules/.bin:$root/node_modules/.bin:$PATH
if is_brought node "$node_wanted"; then
  has_node=yes
else
  case $(node -v 2>/dev/null) in v24.*) has_node=own ;; esac
fi
# On PATH before it is installed, so that pnpm's install scripts use Node 24 too.
[ "$has_node" = own ] || PATH=$tools/node/node_modules/node/bin:$PATH
NODE_COMPILE_CACHE=$root/.lab/compile-cache # 0.1 s off each start
export PATH NODE_COMPILE_CACHE

if [ "$has_node" = no ] || ! is_brought pnpm "$pnpm_wanted" ||
  ! cmp -s "$root/pnpm-lock.yaml" "$stamp"; then
  bring_everything
fi
