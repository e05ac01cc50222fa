// The page itself: what the reader chose stands in the address, so that it can be passed on.
const state = { service: "", stage: "", range: "1h", tab: "stage", lang: "", from: "", to: "",
  ...Object.fromEntries(new URLSearchParams(location.hash.slice(1))) };
let stages = { zone: "UTC", items: [] };
let shownAnswer = null;
let asked = 0;

function say(text, calm = false) {
  byId("problem").textContent = text;
  byId("problem").classList.toggle("calm", calm);
  byId("problem").hidden = !text;
}

function keep(changes) {
  Object.assign(state, changes);
  history.replaceState(null, "", `#${new URLSearchParams(state)}`);
}

function speak(chosen) {
  language = chosen === "en" ? "en" : "ko";
  document.documentElement.lang = language;
  document.title = t("title");
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = t(element.dataset.word);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", t(element.dataset.label));
  for (const each of ["ko", "en"]) byId(each).setAttribute("aria-pressed", String(each === language));
}

// What people call a service; with its id where two are called the same.
function titleOf(service) {
  const names = new Map(stages.items.map((item) => [item.service, item.name]));
  const name = names.get(service);
  return [...names.values()].filter((other) => other === name).length > 1 ? `${name} (${service})` : name;
}
// The default stage: `default` on AWS, without a name on the local server.
const stageTitle = (name) => (name && name !== "default" ? name : t("default_stage"));

function offer(select, names, chosen, label) {
  select.replaceChildren(...names.map((name) => make("option", { value: name }, label(name))));
  select.value = names.includes(chosen) ? chosen : names[0];
  return select.value;
}

function showChoices() {
  const services = [...new Set(stages.items.map((item) => item.service))]
    .sort((one, other) => titleOf(one).localeCompare(titleOf(other), language));
  const service = offer(byId("service"), services, state.service, titleOf);
  const here = stages.items.filter((item) => item.service === service).map((item) => item.stage);
  keep({ service, stage: offer(byId("stage"), here, state.stage, stageTitle) });
  document.querySelector(`input[name=range][value="${CSS.escape(state.range)}"]`).checked = true;
  byId("custom").hidden = state.range !== "custom";
  byId("from").value = state.from;
  byId("to").value = state.to;
  byId("forget").hidden = !sessionStorage.getItem(STORED);
  for (const tab of ["stage", "resources"]) {
    byId(`tab-${tab}`).setAttribute("aria-selected", String(tab === state.tab));
    byId(`tab-${tab}`).tabIndex = tab === state.tab ? 0 : -1;
  }
  byId("panel").setAttribute("aria-labelledby", `tab-${state.tab}`);
}

function showAnswer() {
  if (!shownAnswer) return;
  const answer = shownAnswer;
  const parts = { year: "numeric", ...DATE, ...TIME };
  const at = answer.last_updated ? moment(answer.last_updated, answer.zone, { ...parts, second: "2-digit" }) : t("never");
  const range = `${moment(answer.from, answer.zone, parts)} – ${moment(answer.to, answer.zone, parts)}`;
  const [service, stage] = [titleOf(answer.service), stageTitle(answer.stage)];
  byId("place").replaceChildren(make("small", {}, t("service")), ` ${service} `, make("small", {}, t("stage")), ` ${stage}`);
  document.title = `${service} · ${stage} – ${t("title")}`;
  const api = answer.name === answer.service ? "" : `API ${answer.service} · `;
  byId("about").textContent =
    `${api}${range} · ${t("unit")} ${t(`unit_${answer.granularity}`)} · ${t("zone")} ${answer.zone} · ${t("last_updated")} ${at}. ${t("late")}`;
  const empty = answer.total.success + answer.total.failure === 0 ? [make("p", {}, t("no_calls"))] : [];
  byId("panel").replaceChildren(...empty, ...(answer.points ? stageView(answer) : resourceView(answer)));
}

function fail(error) {
  if (error instanceof RangeError) return say(t(error.message));
  if (!(error instanceof Refused)) return say(t("unreachable"));
  if (error.status !== 401 && error.status !== 403) return say(`${t("refused")} ${error.message}`);
  say(sessionStorage.getItem(STORED) ? t("key_refused") : "");
  sessionStorage.removeItem(STORED);
  byId("content").hidden = true;
  byId("key-form").hidden = false;
  return byId("key").focus();
}

async function load() {
  const mine = (asked += 1);
  byId("panel").setAttribute("aria-busy", "true");
  say("");
  try {
    const period = periodOf(state, stages.zone);
    const answer = await (state.tab === "stage" ? askStage : askResources)(state, period);
    if (mine !== asked) return; // another choice was made meanwhile
    shownAnswer = answer;
    showAnswer();
  } catch (error) {
    if (mine === asked) fail(error);
  }
  byId("panel").setAttribute("aria-busy", "false");
}

async function begin() {
  say("");
  try {
    stages = await ask("statistics");
  } catch (error) {
    fail(error);
    return;
  }
  byId("key-form").hidden = true;
  if (!stages.items.length) { say(t("nothing"), true); return; }
  byId("content").hidden = false;
  showChoices();
  await load();
}

function choose(changes) {
  keep(changes);
  showChoices();
  if (state.range !== "custom" || (state.from && state.to)) load();
}

function chooseRange(range) {
  const filled = { from: clockOf(Date.now() - LENGTHS["1d"], stages.zone), to: clockOf(Date.now(), stages.zone) };
  choose(range === "custom" && !state.from ? { range, ...filled } : { range });
}

function listen() {
  byId("service").addEventListener("change", (event) => choose({ service: event.target.value }));
  byId("stage").addEventListener("change", (event) => choose({ stage: event.target.value }));
  for (const radio of document.querySelectorAll("input[name=range]")) radio.addEventListener("change", () => chooseRange(radio.value));
  byId("custom").addEventListener("submit", (event) => {
    event.preventDefault();
    choose({ from: byId("from").value, to: byId("to").value });
  });
  byId("key-form").addEventListener("submit", (event) => {
    event.preventDefault();
    sessionStorage.setItem(STORED, byId("key").value);
    byId("key").value = "";
    begin();
  });
  byId("refresh").addEventListener("click", begin);
  byId("forget").addEventListener("click", () => { sessionStorage.removeItem(STORED); location.reload(); });
  for (const each of ["ko", "en"]) byId(each).addEventListener("click", () => { speak(each); keep({ lang: each }); showChoices(); showAnswer(); });
  for (const [tab, other] of [["stage", "resources"], ["resources", "stage"]]) {
    byId(`tab-${tab}`).addEventListener("click", () => choose({ tab }));
    byId(`tab-${tab}`).addEventListener("keydown", (event) => {
      if (event.key === "ArrowRight" || event.key === "ArrowLeft") { choose({ tab: other }); byId(`tab-${other}`).focus(); }
    });
  }
}

if (!Object.hasOwn(LENGTHS, state.range) && state.range !== "custom") state.range = "1h";
if (state.tab !== "resources") state.tab = "stage";
speak(state.lang || (navigator.language.startsWith("ko") ? "ko" : "en"));
listen();
begin();
