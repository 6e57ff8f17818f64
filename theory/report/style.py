# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The style sheet of the HTML report: light and dark, narrow and wide, screen and paper."""

CSS = """
:root {
  color-scheme: light dark;
  --text: #1d2126; --soft: #5c6670; --line: #d8dde2; --page: #ffffff; --card: #f5f7f9;
  --good: #00704f; --bad: #b3261e; --open: #8a6100; --link: #00609c; --caught: #0072b2;
  --ran: #e7ebef;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e4e7ea; --soft: #9aa5af; --line: #3a424a; --page: #15181b; --card: #1e2327;
    --good: #4cc79a; --bad: #ff8a80; --open: #e5b54a; --link: #6cb8ee; --caught: #2f8fca;
    --ran: #2a3138;
  }
  figure img { filter: invert(0.92) hue-rotate(180deg); }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem; max-width: 78rem; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .8rem; }
h2 { font-size: 1.2rem; margin: 2.4rem 0 .6rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; }
a { color: var(--link); }
p, ul { max-width: 52rem; margin: .5rem 0; }
li { margin: .3rem 0; }
.verdict {
  font-size: 1.1rem; font-weight: 600; padding: .7rem 1rem; margin: .6rem 0;
  border-left: .4rem solid; background: var(--card); max-width: none;
}
.good { color: var(--good); } .bad { color: var(--bad); } .open { color: var(--open); }
.soft { color: var(--soft); }
.word { font-weight: 600; white-space: nowrap; }
code { font: .92em ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.scroll { overflow-x: auto; margin: .6rem 0; }
table { border-collapse: collapse; font-size: .87rem; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .6rem; text-align: left; vertical-align: top; }
thead th { border-bottom: 2px solid var(--line); color: var(--soft); font-weight: 600; }
tbody td, tbody th { border-bottom: 1px solid var(--line); }
tbody th { font-weight: 600; }
.number { text-align: right; white-space: nowrap; }
.name { white-space: nowrap; }
.math { font-family: "STIX Two Text", "Cambria Math", "DejaVu Serif", Georgia, serif; }
sub, sup { font-size: .72em; line-height: 0; }
.wide { min-width: 20rem; }
small { font-size: .88em; }
.matrix td.cell {
  text-align: center; vertical-align: middle; padding: 0; min-width: 2rem;
  border: 2px solid var(--page);
}
.matrix td.ran { background: var(--ran); }
.matrix thead th { vertical-align: bottom; }
.matrix td.caught { background: var(--caught); color: #fff; font-weight: 600; }
.matrix td.wrong { background: var(--bad); color: var(--page); font-weight: 600; }
.matrix thead th.turned { height: 8.5rem; vertical-align: bottom; padding: .3rem 0; }
.turned span { writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.2rem; margin: .5rem 0; }
dt { color: var(--soft); } dd { margin: 0; }
details { border: 1px solid var(--line); border-radius: .3rem; margin: .5rem 0; padding: 0 .8rem; }
summary { cursor: pointer; padding: .45rem 0; }
summary b { margin-right: .6rem; }
figure { margin: .6rem 0; } figure img { max-width: 100%; height: auto; display: block; }
figcaption { color: var(--soft); font-size: .87rem; max-width: 52rem; }
@media print {
  body { font-size: 10px; max-width: none; padding: 0; }
  details::details-content { content-visibility: visible; height: auto; }
  tr, figure { break-inside: avoid; }
  h2, h3, summary { break-after: avoid; }
  .scroll { overflow: visible; }
}
"""
