"""Files that people write in YAML: read with the line of every value, refused with file, line and remedy.

The tailoring and the gateway's definition are read by this; each adds its own form and its own meaning.
"""

from cce.yaml_file.kind import Kind
from cce.yaml_file.places import Document, Path, read_yaml
from cce.yaml_file.problems import Problem, in_order, of_form, of_meaning

__all__ = ["Document", "Kind", "Path", "Problem", "in_order", "of_form", "of_meaning", "read_yaml"]
