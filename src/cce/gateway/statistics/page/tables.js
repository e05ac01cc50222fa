// Tables say everything that the charts show.
const nameOf = (row) => (row.method ? `${row.method} ${row.path}` : t("none_mapped"));

function table(caption, heads, rows) {
  const head = make("tr", {}, ...heads.map((text) => make("th", text === t("path") ? { scope: "col", class: "left" } : { scope: "col" }, text)));
  const box = make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption });
  box.append(make("table", {}, make("caption", {}, caption), make("thead", {}, head), make("tbody", {}, ...rows)));
  return box;
}

function timeTable(answer, title, names) {
  const rows = answer.points.map((point) => {
    const time = make("th", { scope: "row" }, pointTime(point.from, answer));
    if (!point.counts) return make("tr", { class: "pending" }, time, make("td", { colspan: names.length }, t("not_yet")));
    return make("tr", {}, time, ...names.map((name) => make("td", {}, shown(name, point.counts[name]))));
  });
  return table(title, [t("time"), ...names.map(t)], rows.reverse());
}

function legend(names) {
  return make("ul", { class: "legend" }, ...names.map((name) => make("li", {}, make("i", { class: `c-${name}` }), t(name))));
}

function tiles(counts) {
  const calls = make("div", { class: "tile" }, make("b", {}, whole(counts.success + counts.failure)), make("span", {}, t("calls")));
  const names = ["success", "failure", "answered_by_gateway", "mean_ms", "bytes_out"];
  return make("div", { class: "tiles" }, calls, ...names.map((name) =>
    make("div", { class: "tile" }, make("b", {}, shown(name, counts[name])), make("span", {}, t(name)))));
}

const CHARTS = [
  ["chart_result", columns, ["success", "failure"]],
  ["chart_groups", columns, ["status_2xx", "status_3xx", "status_4xx", "status_5xx"]],
  ["chart_gateway", columns, ["answered_by_gateway"]],
  ["chart_mean", line, ["mean_ms"]],
  ["chart_bytes", columns, ["bytes_out"]],
];

function stageView(answer) {
  return [tiles(answer.total), ...CHARTS.map(([word, chart, names]) => {
    const title = t(word);
    const drawn = chart === line ? line(answer, title, names[0]) : columns(answer, title, names);
    return make("section", { class: "chart", id: word }, make("h2", {}, title), legend(names), drawn, timeTable(answer, title, names));
  })];
}

const COUNTS = ["success", "failure", "status_2xx", "status_3xx", "status_4xx", "status_5xx", "answered_by_gateway", "mean_ms", "bytes_out"];

function resourceView(answer) {
  const calls = (row) => row.counts.success + row.counts.failure;
  const most = [...answer.items].sort((a, b) => calls(b) - calls(a)).slice(0, 10);
  const rows = answer.items.map((row) => make("tr", {}, make("td", { class: "left" }, row.method || "–"),
    make("td", { class: "path" }, row.method ? row.path : t("none_mapped")),
    ...COUNTS.map((name) => make("td", {}, shown(name, row.counts[name])))));
  const title = t("chart_resources"), all = t("table_resources");
  return [tiles(answer.total),
    make("section", { class: "chart whole", id: "chart_resources" }, make("h2", {}, title), legend(["success", "failure"]), bars(most, title)),
    make("section", { class: "chart whole", id: "table_resources" }, make("h2", {}, all),
      table(all, [t("method"), t("path"), ...COUNTS.map(t)], rows), make("p", { class: "soft" }, t("none_mapped_note")))];
}
