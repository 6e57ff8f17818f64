# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The style sheet of the HTML report: light and dark, narrow and wide, screen and paper."""

CSS = """
:root {
  color-scheme: light dark;
  --text: #1d2126; --soft: #5c6670; --line: #d8dde2; --page: #ffffff; --card: #f5f7f9;
  --good: #00704f; --bad: #b3261e; --open: #8a6100; --link: #00609c; --caught: #0072b2;
  --ran: #e7ebef; --axis: #666666; --grey: #8a8a8a; --pale: #bcbcbc; --shade: #e4e4e4;
  --blue: #0072b2; --orange: #d55e00; --green: #009e73; --pink: #cc79a7; --amber: #e69f00;
  --sky: #56b4e9;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --text: #e4e7ea; --soft: #9aa5af; --line: #3a424a; --page: #15181b; --card: #1e2327;
    --good: #4cc79a; --bad: #ff8a80; --open: #e5b54a; --link: #6cb8ee; --caught: #1f6fa3;
    --ran: #2a3138; --axis: #8a949e; --grey: #8f979f; --pale: #59626b; --shade: #2c333a;
    --blue: #4aa3df; --orange: #f07f2e; --green: #2fc397; --pink: #dc93bb; --amber: #f0b435;
    --sky: #8accf3;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body {
  margin: 0 auto; padding: 1.5rem; max-width: 96rem; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  overflow-wrap: break-word;
}
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .8rem; }
h2 { font-size: 1.2rem; margin: 2.4rem 0 .6rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; }
a { color: var(--link); }
h2 a, h3 a, b a, th a, .verdict a, .said a { color: inherit; text-decoration: none; }
h2 a:hover, h3 a:hover, b a:hover, th a:hover, .verdict a:hover { text-decoration: underline; }
h2 a:hover::after, h3 a:hover::after { content: " #"; color: var(--soft); }
:target { outline: .15rem solid var(--line); outline-offset: .2rem; }
p, ul { max-width: 52rem; margin: .5rem 0; }
li { margin: .3rem 0; }
.verdict {
  font-size: 1.1rem; font-weight: 600; padding: .7rem 1rem; margin: .6rem 0;
  border-left: .4rem solid; background: var(--card); max-width: none;
}
.good { color: var(--good); } .bad { color: var(--bad); } .open { color: var(--open); }
.soft { color: var(--soft); }
b { font-weight: 600; }
code { font: .92em ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.contents ul { list-style: none; margin: 0; padding: 0; }
.contents ul ul { padding-left: .8rem; font-size: .93em; }
.contents li { margin: .25rem 0; }
.contents a { text-decoration: none; }
nav.contents { display: none; }
.scroll { overflow-x: auto; margin: .6rem 0; }
table { border-collapse: collapse; font-size: .87rem; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .6rem; text-align: left; vertical-align: top; }
thead th { border-bottom: 2px solid var(--line); color: var(--soft); font-weight: 600; }
tbody td, tbody th { border-bottom: 1px solid var(--line); }
tbody th { font-weight: 600; }
td:first-child, th:first-child {
  position: sticky; left: 0; z-index: 1; padding-left: 0;
  background: var(--page); background-clip: padding-box;
}
var {
  font-style: normal;
  font-family: "STIX Two Text", "Cambria Math", "DejaVu Serif", Georgia, serif;
}
sub, sup { font-size: .72em; line-height: 0; }
small { font-size: .88em; }
.matrix td:nth-child(n+4) {
  text-align: center; vertical-align: middle; padding: 0; min-width: 2rem;
  border: 2px solid var(--page);
}
.matrix td:nth-child(3) { min-width: 20rem; }
.matrix td:nth-child(n+4) { background: var(--ran); }
.matrix td.other { background: none; }
.matrix thead th { vertical-align: bottom; }
.matrix tr .caught { background: var(--caught); color: #fff; font-weight: 600; }
.matrix tr .wrong { background: var(--bad); color: var(--page); font-weight: 600; }
.matrix thead th.turned, table.turned thead th { vertical-align: bottom; }
.matrix thead th.turned { height: 8.5rem; padding: .3rem 0; }
thead .turned span, table.turned thead span {
  writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap;
}
table.turned td:first-child { min-width: 11rem; }
table.turned td:nth-child(n+3) { text-align: right; }
dl {
  display: grid; grid-template-columns: fit-content(40%) minmax(0, 1fr); gap: .15rem 1.2rem;
  margin: .5rem 0;
}
dt { color: var(--soft); } dd { margin: 0; }
details { border: 1px solid var(--line); border-radius: .3rem; margin: .5rem 0; padding: 0 .8rem; }
summary { cursor: pointer; padding: .45rem 0; }
summary b { margin-right: .6rem; }
figure { margin: .6rem 0; }
figcaption { color: var(--soft); font-size: .87rem; max-width: 52rem; }
svg {
  display: block; max-width: 100%; height: auto; fill: none; stroke-linejoin: round;
  font: 8.5px "DejaVu Sans", Verdana, sans-serif;
}
svg text { fill: var(--text); white-space: pre; }
svg.broad { min-width: 44rem; }
@media (min-width: 70rem) {
  body {
    display: grid; grid-template-columns: 13rem minmax(0, 1fr); column-gap: 2rem;
    grid-template-areas: "nav header" "nav main"; grid-template-rows: auto 1fr;
  }
  header { grid-area: header; } main { grid-area: main; }
  header .folded { display: none; }
  nav.contents {
    display: block; grid-area: nav; position: sticky; top: 0; align-self: start;
    max-height: 100vh; overflow-y: auto; padding: .4rem 0; font-size: .9rem;
  }
}
@media (max-width: 40rem) {
  body { padding: 1rem; }
  td:first-child, th:first-child { max-width: 9rem; padding-right: .3rem; }
  table.turned td:first-child { min-width: 7rem; }
  dl { grid-template-columns: minmax(0, 1fr); } dd { margin: 0 0 .4rem; }
}
@media print {
  body { display: block; font-size: 10px; max-width: none; padding: 0; }
  nav.contents, .folded { display: none; }
  details::details-content { content-visibility: visible; height: auto; }
  tr, figure { break-inside: avoid; }
  h2, h3, summary { break-after: avoid; }
  .scroll { overflow: visible; }
  td:first-child, th:first-child { position: static; }
  svg.broad { min-width: 0; }
  h1 { font-size: 1.6em; } h2 { font-size: 1.3em; } .verdict { font-size: 1.1em; }
  table { font-size: .75em; }
  table tr > * { min-width: 0 !important; white-space: normal !important; padding: .15em .4em; }
}
"""
