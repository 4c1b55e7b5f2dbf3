// The frame: drawer, menus, keyboard shortcuts, values that mask themselves again.

const typing = (target) => target.closest("input, select, textarea, [contenteditable]");

function drawer() {
  const button = document.querySelector("[data-drawer]");
  const side = document.getElementById("side");
  if (!button || !side) return;
  const set = (open) => {
    side.classList.toggle("is-open", open);
    button.setAttribute("aria-expanded", String(open));
    if (open) side.querySelector("a")?.focus();
  };
  button.addEventListener("click", () => set(!side.classList.contains("is-open")));
  document.addEventListener("click", (event) => {
    if (!side.contains(event.target) && !button.contains(event.target)) set(false);
  });
  side.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      set(false);
      button.focus();
    }
  });
}

function menus() {
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest?.("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

function shortcuts() {
  const list = document.getElementById("shortcuts");
  let going = 0;
  document.querySelector("[data-shortcuts]")?.addEventListener("click", () => list?.showModal());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "?") list?.showModal();
    else if (event.key === "/") {
      const search = document.querySelector("[data-search]");
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      }
    } else if (event.key === "g") going = Date.now();
    else if (Date.now() - going < 1500) {
      going = 0;
      document.querySelector(`[data-go="${CSS.escape(event.key)}"]`)?.click();
    }
  });
}

// A revealed value carries its mask, and goes back to it after so many seconds.
function maskAgain(root) {
  for (const shown of root.querySelectorAll("[data-mask-after]")) {
    window.setTimeout(() => {
      shown.textContent = shown.dataset.mask;
      shown.classList.remove("is-revealed");
    }, Number(shown.dataset.maskAfter) * 1000);
  }
}

// Refusals of parts of a page come as messages; htmx would drop them. What is wrong with a filter
// comes with its place: beside the field.
function refusals() {
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.getResponseHeader("X-Beside-Fields")) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    } else if (event.detail.xhr.status >= 400 && event.detail.xhr.status < 500) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
      event.detail.target = document.getElementById("messages") ?? event.detail.target;
      event.detail.swapOverride = "innerHTML";
    }
  });
  // What was refused, or did not come, is no longer said once an answer has come.
  document.addEventListener("htmx:beforeRequest", () => {
    document.getElementById("messages")?.replaceChildren();
  });
}

// No answer came: that is said, and the answer to the question before does not stand for it. Where
// the database is away, the page that was asked for is opened, which asks itself until it is back.
function failures() {
  let again = 0;
  const say = (event) => {
    const { pathInfo, target, requestConfig, xhr } = event.detail;
    window.clearTimeout(again);
    if (xhr?.status >= 400 && xhr.status < 500) return;
    const note = document.createElement("p");
    note.className = "note note-error";
    note.setAttribute("role", "alert");
    const { broken, failed, unanswered } = document.body.dataset;
    note.textContent = xhr?.status === 503 ? unanswered : xhr?.status >= 500 ? broken : failed;
    document.getElementById("messages")?.replaceChildren(note);
    if (requestConfig?.verb === "get") target?.replaceChildren();
    if (xhr?.status === 503 && requestConfig?.elt?.getAttribute("hx-push-url") === "true") {
      again = window.setTimeout(() => window.location.assign(pathInfo.finalRequestPath), 5000);
    }
  };
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, say);
  }
  document.addEventListener("htmx:beforeRequest", () => window.clearTimeout(again));
}

function copies() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    field.select();
    await navigator.clipboard?.writeText(field.value);
    button.textContent = button.dataset.done;
  });
}

// Filters with a choice apply themselves.
function submits() {
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });
}

// What a browser says of an empty field is in its own language, not in that of the page.
function speaksOfGaps() {
  document.addEventListener("invalid", (event) => {
    const { validity } = event.target;
    event.target.setCustomValidity(validity.valueMissing ? document.body.dataset.missing : "");
  }, true);
  document.addEventListener("input", (event) => event.target.setCustomValidity?.(""), true);
}

// A field says that it is wrong as long as something stands beside it.
function marksWrong() {
  for (const said of document.querySelectorAll("[data-wrong]")) {
    const field = said.parentElement?.querySelector("input, select");
    if (said.textContent.trim()) {
      field?.setAttribute("aria-invalid", "true");
      said.closest(".fold")?.setAttribute("open", "");
    } else field?.removeAttribute("aria-invalid");
  }
}

// Filters are cleared where any is set: by the address, which follows them. What is named in
// data-clear is no filter.
function clears() {
  for (const link of document.querySelectorAll("[data-clear]")) {
    const others = new Set(["cursor", "trail", "page", ...link.dataset.clear.split(" ")]);
    const query = [...new URLSearchParams(window.location.search)];
    link.hidden = !query.some(([name, value]) => value && !others.has(name));
  }
}

// On a phone filters are folded behind their number; on a wider screen the style shows them all,
// where the browser can show what is folded.
function folds() {
  const shown = CSS.supports("selector(::details-content)");
  const wide = window.matchMedia("(min-width: 40.01rem)").matches;
  for (const fold of document.querySelectorAll(".fold")) {
    if (wide && !shown) fold.open = true;
    const fields = [...fold.querySelectorAll("input:not([type=hidden]), select")];
    const set = fields.filter((field) => (field.type === "checkbox" ? field.checked : field.value.trim()));
    fold.querySelector("[data-set]").textContent = set.length ? `(${set.length})` : "";
  }
}

// A list that was filtered stands at another address: the choice of a language leads there.
function keepsPlace() {
  document.addEventListener("htmx:pushedIntoHistory", (event) => {
    for (const field of document.querySelectorAll("input[data-here]")) field.value = event.detail.path;
  });
}

// On a phone a list's rows are cards: each cell carries its column's name, and the table stays one
// to who hears it, though it is drawn otherwise.
function stacks() {
  for (const table of document.querySelectorAll(".list.stack:not(.is-stacked)")) {
    const heads = [...table.tHead.rows[0].cells];
    const names = heads.map((head) => (head.querySelector(".visually-hidden") ? "" : head.textContent.replace(/[↑↓]/u, "").trim()));
    table.setAttribute("role", "table");
    for (const part of [table.tHead, ...table.tBodies]) part.setAttribute("role", "rowgroup");
    for (const head of heads) head.setAttribute("role", "columnheader");
    for (const row of table.rows) row.setAttribute("role", "row");
    for (const row of table.tBodies[0].rows) {
      const headline = row.querySelector("td.headline") ?? row.cells[0];
      headline.classList.add("headline");
      for (const [place, cell] of [...row.cells].entries()) {
        cell.setAttribute("role", "cell");
        if (!cell.textContent.trim() && !cell.children.length) cell.textContent = "";
        else if (cell !== headline && names[place]) cell.dataset.label = names[place];
      }
    }
    table.classList.add("is-stacked");
  }
}

// A table wider than its place says so: not every device shows a bar to scroll by.
function widths() {
  for (const box of document.querySelectorAll(".table-box")) {
    const wide = box.scrollWidth > box.clientWidth + 1;
    const hint = box.previousElementSibling?.matches(".scroll-hint") ? box.previousElementSibling : null;
    if (wide && !hint) {
      const said = document.createElement("p");
      said.className = "scroll-hint";
      said.textContent = `${document.body.dataset.wide} →`;
      box.before(said);
    } else if (!wide && hint) hint.remove();
    box.classList.toggle("is-wide", wide);
    box.classList.toggle("at-end", wide && box.scrollLeft + box.clientWidth >= box.scrollWidth - 2);
  }
}

// A choice that may be left open only where its other way is taken: found before a file is sent.
function alternatives() {
  for (const field of document.querySelectorAll("[data-or]")) {
    const other = document.getElementById(field.dataset.or);
    const follow = () => {
      field.required = !other.value.trim();
      field.setCustomValidity("");
    };
    other.addEventListener("input", follow);
    follow();
  }
}

// Of tabs that do not fit beside each other the open one is in sight.
function openTab() {
  for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
    const row = tab.closest(".tabs");
    const [of, within] = [tab.getBoundingClientRect(), row.getBoundingClientRect()];
    row.scrollLeft += of.left - within.left - (within.width - of.width) / 2;
  }
}

drawer();
menus();
stacks();
widths();
openTab();
alternatives();
window.addEventListener("resize", widths);
for (const look of [stacks, widths]) document.addEventListener("htmx:afterSettle", look);
document.addEventListener("scroll", widths, { capture: true, passive: true });
document.addEventListener("toggle", widths, true);
clears();
folds();
for (const look of [clears, folds]) document.addEventListener("htmx:pushedIntoHistory", look);
document.addEventListener("htmx:afterSettle", marksWrong);
speaksOfGaps();
keepsPlace();
shortcuts();
refusals();
failures();
copies();
submits();
maskAgain(document);
document.addEventListener("htmx:afterSwap", (event) => maskAgain(event.target.parentElement ?? event.target));
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}

// Figures go on paper with what they are of, the day, the settings, the formula, and with all of
// their columns. Paper is no wider than A4 upright; on it letters are 0.8 of those on the screen.
const PAPER = 700;
const SMALLER = 0.8;

function onPaper() {
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll(".how:not([open])")];
    for (const one of opened) one.open = true;
    for (const table of document.querySelectorAll(".table-box > .list")) {
      table.style.width = "min-content";
      const fits = PAPER / (table.offsetWidth * SMALLER);
      table.style.width = "";
      table.style.setProperty("--on-paper", Math.min(fits, 1).toFixed(3));
    }
  });
  window.addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
  });
}

// The chosen columns travel as one parameter, beside the filters that the list has now.
function columns() {
  const form = document.querySelector("[data-columns]");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = [...form.querySelectorAll("input:checked")].map((box) => box.value);
    const query = new URLSearchParams(window.location.search);
    for (const name of ["cursor", "trail"]) query.delete(name);
    query.set("columns", chosen.join(","));
    window.location.search = query.toString();
  });
}
// A view is kept as the list stands, filters set since the page came included.
function keepsQuery() {
  document.getElementById("view-form")?.addEventListener("submit", () => {
    document.getElementById("view-query").value = window.location.search;
  });
}
columns();
keepsQuery();
onPaper();
