// Says why no key was used, in the page, instead of an error that only programmers see.
document.addEventListener("allauth.error", (event) => {
  const told = document.getElementById("key-fault");
  if (!told) return;
  event.preventDefault();
  const name = event.detail.exception && event.detail.exception.name;
  const known = told.querySelector(`[data-fault="${name}"]`);
  for (const one of told.querySelectorAll("[data-fault]")) one.hidden = true;
  (known || told.querySelector('[data-fault="other"]')).hidden = false;
  told.hidden = false;
  told.focus();
});
