// The page works without this; with it, it is quicker to use.

// Copying needs a script; the line can be selected without.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.textContent = "Copied";
});
const offerCopy = (part) => {
  for (const button of part.querySelectorAll("button[data-copy]")) button.hidden = !navigator.clipboard;
};
offerCopy(document);

// A slow cluster: it shows that work goes on, and a second click does nothing.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) return event.preventDefault();
  event.target.dataset.sent = "yes";
  const button = event.target.querySelector("button");
  button.setAttribute("aria-busy", "true");
  button.textContent = "Working\u2026";
});
addEventListener("pageshow", (event) => event.persisted && location.reload());

// While something starts, its parts are renewed in place, less and less often, for a quarter of an hour. What has the focus stays.
const end = Date.now() + 15 * 60 * 1000;
const renew = async (wait) => {
  await new Promise((resolve) => setTimeout(resolve, wait));
  const response = await fetch(location.href).catch(() => null);
  if (response && response.ok) {
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const part of document.querySelectorAll("[data-live]")) {
      const newer = page.getElementById(part.id);
      if (!newer || newer.innerHTML === part.dataset.html || part.contains(document.activeElement)) continue;
      part.innerHTML = newer.innerHTML;
      part.dataset.html = newer.innerHTML;
      offerCopy(part);
    }
    if (!page.querySelector("[data-refresh]")) return;
  }
  if (Date.now() < end) renew(Math.min(wait * 1.3, 30000));
};
if (document.querySelector("[data-refresh]")) renew(2000);
