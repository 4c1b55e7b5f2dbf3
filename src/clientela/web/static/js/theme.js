// Light or dark before the first paint; "auto" follows the device, also when it changes. Paper is
// white: what is printed is light.
(() => {
  const root = document.documentElement;
  const device = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = (printed) => {
    const wanted = root.dataset.theme;
    const dark = wanted === "dark" || (wanted !== "light" && device.matches);
    root.dataset.bsTheme = dark && !printed ? "dark" : "light";
  };
  device.addEventListener("change", () => apply(false));
  window.addEventListener("beforeprint", () => apply(true));
  window.addEventListener("afterprint", () => apply(false));
  apply(false);
})();
