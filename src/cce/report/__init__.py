"""Reports: verdicts in; HTML, CSV, JSON and a terminal table out. Pure: no AWS, no clock, no file.

The modules are imported one by one, so that a Lambda that only writes verdict lines loads neither
jinja2 nor rich: ``lines`` (stored verdicts), ``build`` (:func:`~cce.report.build.build_report`),
``as_html``, ``as_csv``, ``as_json``, ``as_table``, and ``document`` (one server's JSON).
"""
