// Light or dark before the first paint; "auto" follows the device, also when it changes.
(() => {
  const root = document.documentElement;
  const device = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const wanted = root.dataset.theme;
    const dark = wanted === "dark" || (wanted !== "light" && device.matches);
    root.dataset.bsTheme = dark ? "dark" : "light";
    document.dispatchEvent(new CustomEvent("theme"));
  };
  device.addEventListener("change", apply);
  apply();
})();
