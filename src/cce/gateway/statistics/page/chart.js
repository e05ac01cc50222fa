// Charts as SVG: columns stacked over time, a line over time, bars by resource.
const SIZE = { width: 640, height: 230, left: 62, right: 8, top: 10, bottom: 26 };

// The next larger round number; for what is counted one whose quarters are whole.
function ceiling(value, fraction) {
  if (value <= 0) return 4;
  const power = 10 ** Math.floor(Math.log10(value));
  const round = [1, 1.2, 2, 4, 6, 8, 10, 12].map((factor) => factor * power);
  return round.find((candidate) => candidate >= value && (fraction || candidate % 4 === 0));
}

function frame(answer, name, highest) {
  const { width, height, left, right, top, bottom } = SIZE;
  const points = answer.points;
  const inside = { width: width - left - right, height: height - top - bottom };
  const x = (index) => left + (index / points.length) * inside.width;
  const y = (value) => top + inside.height * (1 - value / highest);
  const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" });
  const later = points.findIndex((point) => point.counts === null);
  if (later >= 0) {
    const start = x(later);
    svg.append(draw("rect", { class: "later", x: start, y: top, width: width - right - start, height: inside.height },
      draw("title", {}, t("not_yet"))));
  }
  for (let step = 0; step <= 4; step += 1) {
    const value = (highest / 4) * step;
    svg.append(draw("line", { class: "grid", x1: left, x2: width - right, y1: y(value), y2: y(value) }),
      draw("text", { x: left - 6, y: y(value) + 4, "text-anchor": "end" }, shown(name, value)));
  }
  const every = Math.ceil(points.length / 7);
  points.forEach((point, index) => {
    if (index % every === 0) svg.append(draw("text", { x: x(index), y: height - 8 }, axisTime(point.from, answer)));
  });
  return { svg, x, y, step: inside.width / points.length };
}

function describe(svg, title, answer, names) {
  const said = names.map((name) => `${t(name)} ${shown(name, answer.total[name])}`).join(", ");
  svg.setAttribute("aria-label", `${title}: ${said}`);
  return svg;
}

function columns(answer, title, names) {
  const sum = (counts) => names.reduce((total, name) => total + counts[name], 0);
  const known = answer.points.map((point) => point.counts).filter(Boolean);
  const { svg, x, y, step } = frame(answer, names[0], ceiling(Math.max(0, ...known.map(sum)), false));
  answer.points.forEach((point, index) => {
    let below = 0;
    if (!point.counts || !sum(point.counts)) return;
    const values = names.map((name) => `${t(name)} ${shown(name, point.counts[name])}`).join("\n");
    const column = draw("g", {}, draw("title", {}, `${pointTime(point.from, answer)}\n${values}`));
    for (const name of names) {
      const value = point.counts[name];
      const height = y(below) - y(below + value);
      if (value) column.append(draw("rect", { class: `c-${name}`, x: x(index) + step * 0.1, y: y(below + value), width: step * 0.8, height }));
      below += value;
    }
    svg.append(column);
  });
  return describe(svg, title, answer, names);
}

function line(answer, title, name) {
  const known = answer.points.map((point) => point.counts && point.counts[name]).filter((value) => value !== null);
  const { svg, x, y, step } = frame(answer, name, ceiling(Math.max(0, ...known), true));
  let path = "";
  let open = false; // a point without a call has no mean: the line has a gap there
  answer.points.forEach((point, index) => {
    const value = point.counts && point.counts[name];
    if (value === null) { open = false; return; }
    const [cx, cy] = [x(index) + step / 2, y(value)];
    path += `${open ? "L" : "M"}${cx} ${cy}`;
    open = true;
    svg.append(draw("circle", { cx, cy, r: Math.min(3.5, Math.max(1.5, step / 4)) },
      draw("title", {}, `${pointTime(point.from, answer)}\n${t(name)} ${shown(name, value)}`)));
  });
  svg.append(draw("path", { class: "mean", d: path }));
  return describe(svg, title, answer, [name]);
}

function bars(rows, title) {
  const width = 900, row = 28, left = 330;
  const calls = (counts) => counts.success + counts.failure;
  const most = Math.max(1, ...rows.map((each) => calls(each.counts)));
  const svg = draw("svg", { viewBox: `0 0 ${width} ${Math.max(1, rows.length) * row + 4}`, role: "img" });
  svg.setAttribute("aria-label", `${title}: ${rows.map((each) => `${nameOf(each)} ${whole(calls(each.counts))}`).join(", ")}`);
  rows.forEach((each, index) => {
    const name = nameOf(each);
    const top = index * row + 4;
    let start = left;
    const line = draw("g", {}, draw("title", {}, name),
      draw("text", { class: "name", x: left - 8, y: top + 15, "text-anchor": "end" }, name.length > 46 ? `${name.slice(0, 45)}…` : name));
    for (const part of ["success", "failure"]) {
      const length = (each.counts[part] / most) * (width - left - 80);
      if (length) line.append(draw("rect", { class: `c-${part}`, x: start, y: top, width: length, height: row - 8 }));
      start += length;
    }
    line.append(draw("text", { x: start + 6, y: top + 15 }, whole(calls(each.counts))));
    svg.append(line);
  });
  return svg;
}
