// Questions to the server, with the key once it has asked for one.
const STORED = "x-api-key";

class Refused extends Error {
  constructor(status, said) {
    super(said);
    this.status = status;
  }
}

async function ask(path, parameters = {}) {
  const key = sessionStorage.getItem(STORED);
  const query = new URLSearchParams(parameters).toString();
  const how = { headers: key ? { "x-api-key": key } : {}, credentials: "omit", cache: "no-store" };
  const response = await fetch(query ? `${path}?${query}` : path, how);
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, body.detail || "");
  return body;
}

const placeOf = (state) => `services/${encodeURIComponent(state.service)}/stages/${encodeURIComponent(state.stage || "-")}/statistics`;
const askStage = (state, period) => ask(placeOf(state), period);

async function askResources(state, period) {
  const whole = await ask(`${placeOf(state)}/resources`, { ...period, limit: 100 });
  while (whole.next) {
    const more = await ask(`${placeOf(state)}/resources`, { ...period, limit: 100, token: whole.next });
    whole.items.push(...more.items);
    whole.next = more.next;
  }
  return whole;
}

const HOUR = 3600000;
const LENGTHS = { "1h": HOUR, "1d": 24 * HOUR, "1w": 7 * 24 * HOUR, "30d": 30 * 24 * HOUR, "90d": 90 * 24 * HOUR };

// The period that the reader chose; throws the word that says what is wrong with it.
function periodOf(state, zone) {
  const now = Date.now();
  if (state.range !== "custom") return period(now - LENGTHS[state.range], now);
  const [start, end] = [momentOf(state.from, zone).getTime(), momentOf(state.to, zone).getTime()];
  if (!(start < end)) throw new RangeError("order");
  if (start < now - LENGTHS["90d"] - 24 * HOUR) throw new RangeError("kept");
  return period(start, end);
}
const period = (start, end) => ({ from: new Date(start).toISOString(), to: new Date(end).toISOString() });
