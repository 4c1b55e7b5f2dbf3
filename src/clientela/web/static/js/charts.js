// Draws the chart of an answer from the data beside it, in the colours of the page.
// Everything shown here stands in the table below as well.

const place = () => document.getElementById("chart");
let drawn = null;

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function palette() {
  return ["--chart-1", "--chart-2", "--chart-3", "--chart-4", "--chart-5", "--chart-6"]
    .map(colour)
    .map((found, n) => found || ["#2f6fed", "#94a3b8", "#f59f00", "#e8590c", "#d6336c", "#862e9c"][n]);
}

function frame() {
  const ink = colour("--ink") || "#222";
  const quiet = colour("--quiet") || "#667";
  const line = colour("--line") || "#ddd";
  return {
    ink,
    line,
    base: {
      animation: false,
      color: palette(),
      textStyle: { color: ink, fontFamily: "inherit" },
      grid: { left: 12, right: 16, top: 36, bottom: 12, containLabel: true },
      legend: { top: 0, textStyle: { color: quiet }, icon: "roundRect", itemHeight: 10 },
      tooltip: {
        renderMode: "richText",
        trigger: "axis",
        axisPointer: { type: "shadow" },
        backgroundColor: colour("--paper") || "#fff",
        borderColor: line,
        textStyle: { color: ink },
      },
    },
    axis: {
      axisLabel: { color: quiet },
      axisLine: { lineStyle: { color: line } },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: line } },
    },
  };
}

function short(value) {
  return new Intl.NumberFormat(document.documentElement.lang, { notation: "compact" }).format(value);
}

// Every group keeps its whole name. Where the names do not fit side by side the bars lie down,
// a name before each; rows too long for that (months) are turned and may leave some out.
const LYING = 16;

function fits(data) {
  const room = (place().clientWidth - 80) / data.labels.length;
  return Math.max(...data.labels.map((text) => text.length)) * 6.5 <= room;
}

function lies(data) {
  return !fits(data) && data.labels.length <= LYING;
}

function labels(axis, data) {
  const count = data.labels.length;
  const common = { ...axis.axisLabel, interval: count <= 24 ? 0 : "auto", fontSize: 11 };
  if (lies(data)) return { ...common, width: place().clientWidth * 0.4, overflow: "break" };
  return { ...common, rotate: fits(data) ? 0 : 45 };
}

function bars(data, stacked) {
  const { base, axis } = frame();
  const percent = data.unit === "percent";
  const lying = lies(data);
  const names = { ...axis, type: "category", data: data.labels, inverse: lying, axisLabel: labels(axis, data) };
  const values = {
    ...axis,
    type: "value",
    min: percent ? 0 : undefined,
    splitNumber: lying ? 3 : undefined,
    axisLabel: { ...axis.axisLabel, formatter: (v) => (percent ? `${v} %` : short(v)) },
  };
  const round = lying ? [0, 3, 3, 0] : [3, 3, 0, 0];
  return {
    ...base,
    xAxis: lying ? values : names,
    yAxis: lying ? names : values,
    series: data.series.map((one) => ({
      ...one,
      type: "bar",
      barMaxWidth: 36,
      stack: stacked ? "all" : undefined,
      itemStyle: { borderRadius: stacked ? 0 : round },
    })),
  };
}

function heat(data) {
  const { base, axis, ink } = frame();
  return {
    ...base,
    legend: undefined,
    tooltip: { ...base.tooltip, trigger: "item", formatter: (p) => `${data.rows[p.value[1]]} +${p.value[0]}: ${p.value[2]} %` },
    grid: { ...base.grid, top: 12 },
    xAxis: { ...axis, type: "category", data: data.labels, splitArea: { show: false } },
    yAxis: { ...axis, type: "category", data: data.rows, inverse: true },
    visualMap: {
      show: false,
      min: 0,
      max: 60,
      inRange: { color: [colour("--ground") || "#f5f7fa", palette()[0]] },
    },
    series: [{ type: "heatmap", data: data.data, label: { show: data.labels.length < 16, color: ink, formatter: (p) => Math.round(p.value[2]) } }],
  };
}

function draw() {
  const box = place();
  const source = document.getElementById("chart-data");
  if (drawn) {
    drawn.dispose();
    drawn = null;
  }
  if (!box || !source || !window.echarts) return;
  const data = JSON.parse(source.textContent);
  const tall = data.kind === "heat" ? data.rows.length > 14 : lies(data) && data.labels.length > 6;
  box.classList.toggle("chart-tall", tall);
  drawn = window.echarts.init(box, null, { renderer: "canvas" });
  drawn.setOption(data.kind === "heat" ? heat(data) : bars(data, data.kind === "stacked"));
}

window.addEventListener("DOMContentLoaded", draw);
if (document.readyState !== "loading") draw();
document.addEventListener("htmx:afterSwap", draw);
window.addEventListener("resize", draw);
new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "data-bs-theme"] });
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
