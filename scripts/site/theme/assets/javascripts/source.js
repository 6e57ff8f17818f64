// The colours that the reader chose on the site's pages, or the system's.
const scope = new URL(document.currentScript.dataset.home + "/.", location).pathname
let chosen = null
try {
  chosen = JSON.parse(localStorage.getItem(scope + ".__palette"))
} catch { /* no storage */ }
const dark = matchMedia("(prefers-color-scheme: dark)")
const media = chosen?.color?.media ?? "(prefers-color-scheme)"
const show = () => {
  const night = media === "(prefers-color-scheme)" ? dark.matches : chosen.color.scheme === "slate"
  document.documentElement.dataset.scheme = night ? "dark" : "light"
}
dark.addEventListener("change", show)
show()
