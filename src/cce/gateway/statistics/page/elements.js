// Elements, words and numbers. Everything that is shown goes in as text, never as markup.
const words = JSON.parse(document.getElementById("words").textContent);
const byId = (id) => document.getElementById(id);
let language = "ko";
const t = (word) => words[language][word];

function put(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
const make = (tag, attributes = {}, ...children) => put(document.createElement(tag), attributes, children);
const draw = (tag, attributes = {}, ...children) =>
  put(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

const whole = (value) => new Intl.NumberFormat(language).format(value);
const mean = (value) => (value === null ? "–" : new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(value));
function bytes(value) {
  const units = ["B", "KB", "MB", "GB", "TB"];
  const step = value < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  const digits = { maximumFractionDigits: step ? 1 : 0 };
  return `${new Intl.NumberFormat(language, digits).format(value / 1000 ** step)} ${units[step]}`;
}
const SHOWN = { mean_ms: mean, bytes_out: bytes };
const shown = (name, value) => (SHOWN[name] || whole)(value);

// A moment in the zone in which days begin, which need not be the browser's.
const TIME = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const DATE = { month: "2-digit", day: "2-digit" };
const PARTS = { "1m": TIME, "10m": { ...DATE, ...TIME }, "1h": { ...DATE, ...TIME }, "1d": { year: "numeric", ...DATE } };
const moment = (text, zone, parts) => new Intl.DateTimeFormat(language === "en" ? "en-CA" : language, { timeZone: zone, ...parts }).format(new Date(text));
const pointTime = (text, answer) => moment(text, answer.zone, PARTS[answer.granularity]);
const axisTime = (text, answer) =>
  moment(text, answer.zone, answer.granularity === "1d" ? DATE : answer.granularity === "1h" ? { ...DATE, hour: "2-digit", hourCycle: "h23" } : TIME);

// What a clock in the zone shows, as if it were UTC; and back, from what somebody typed.
function clockOf(epoch, zone) {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", second: "2-digit", ...DATE, ...TIME })
    .formatToParts(epoch).reduce((found, part) => ({ ...found, [part.type]: part.value }), {});
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}
function momentOf(clock, zone) {
  const wanted = Date.parse(`${clock}Z`);
  const minute = 60000;
  const offsetAt = (epoch) => Date.parse(`${clockOf(epoch, zone)}Z`) - Math.floor(epoch / minute) * minute;
  return new Date(wanted - offsetAt(wanted - offsetAt(wanted)));
}
