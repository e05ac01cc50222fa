# --- the mounts: which file systems are this server's to walk
# dead_mounts: network and FUSE mounts that do not answer; resolve keeps away, or it would hang there.
dead_mounts() {
  [ "$MODE" = live ] || return 0
  mounts | sed -n 's/^foreign //p' | while IFS= read -r mount; do
    limited 5 stat -f "$mount" </dev/null >/dev/null 2>&1 || printf '%s\n' "$mount"
  done
}
PRUNED='/proc /sys /var/lib/docker /var/lib/containerd /var/lib/containers /var/lib/kubelet'
# mounts: from mountinfo, "start DIR" for each local file system, "prune DIR" for a bind mount of a part
# that is walked elsewhere, "foreign DIR" for what belongs to others (network, FUSE).
mounts() {
  PRUNED=$PRUNED awk '
  BEGIN { FOREIGN = "^(fuse|nfs|cifs|smb|9p|ceph|gluster|lustre|afs|autofs)" }
  function plain(s,   at, out) { # \040 and the like
    while (match(s, /\\[0-7][0-7][0-7]/)) {
      at = substr(s, RSTART + 1, 3)
      out = out substr(s, 1, RSTART - 1) sprintf("%c", substr(at, 1, 1) * 64 + substr(at, 2, 1) * 8 + substr(at, 3, 1))
      s = substr(s, RSTART + RLENGTH)
    }
    return out s
  }
  function below(dir, top) { return dir == top || top == "/" || index(dir, top "/") == 1 }
  function owner(dir, but,   m, best) { # the mount that dir is on
    for (m in top) if (m != but && below(dir, m) && length(m) > length(best)) best = m
    return best
  }
  function local_(m) {
    if (type[m] ~ /^(ext[234]|xfs|btrfs|zfs|jfs|f2fs|reiserfs|bcachefs)$/) return 1
    if (m == "/") return type[m] !~ FOREIGN
    return type[m] == "tmpfs" && m ~ /^\/(tmp|var|home|root|srv|opt|usr|etc)(\/|$)/ && m !~ /^\/var\/(run|lock)(\/|$)/
  }
  function visit(m,   i, j, alias, p) {
    for (i = 1; i <= pruned; i++) if (below(m, cut[i])) return
    p = owner(m, m)
    for (j in walked) if (dev[j] == dev[m] && below(root[m], root[j])) {
      alias = root[m] == root[j] ? j : (j == "/" ? "" : j) substr(root[m], root[j] == "/" ? 1 : length(root[j]) + 1)
      if (alias == m) { walked[m] = 1; return } # mounted on itself: find goes in
      if (owner(alias, "") == j) { print "prune " m; return }
    }
    # find goes on into the same device; btrfs subvolumes look so here, but not to find.
    if (type[m] == "btrfs" || !(p in walked) || dev[p] != dev[m]) print "start " m
    walked[m] = 1
  }
  {
    for (i = 7; i < NF; i++) if ($i == "-") break
    m = plain($5)
    if (index(m, "\n")) { print "lost"; next }
    top[m] = 1; dev[m] = $3; root[m] = plain($4); type[m] = $(i + 1)
  }
  END {
    pruned = split(ENVIRON["PRUNED"], cut, " ")
    for (m in top) {
      if (length(m) > longest) longest = length(m)
      if (type[m] ~ FOREIGN) print "foreign " m
    }
    # The shortest first: parents before children.
    for (i = 1; i <= longest; i++) for (m in top) if (length(m) == i && local_(m)) visit(m)
  }' /proc/self/mountinfo
}
