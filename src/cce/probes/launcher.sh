#!/bin/sh
# The probe of cce-fleet, compressed because a document holds 64 KB. What it is in plain text: `cce probe`,
# or what stands between the quotes through `base64 -d | gzip -d`. `cce probe --document` checks its SHA-256.
# sha256 @sha256@
script=$(printf '%s' '
@packed@
' | base64 -d | gzip -d)
if [ -z "$script" ]; then
  echo "cce-probe: this server cannot unpack the probe; it needs base64 (coreutils) and gzip" >&2
  exit 3
fi
exec /bin/sh -c "$script" cce-probe
