namespace Refresh.Orchestrator.Reports;

/// <summary>The look of the HTML report: light and dark, on a screen, on a phone and on paper.</summary>
internal static class Stylesheet
{
    public const string Css = """
        :root {
          color-scheme: light dark;
          --page: #f6f7f9; --card: #ffffff; --ink: #17202b; --soft: #56616f; --line: #dde2e8; --band: #f3f5f8; --link: #1a56b0;
          --good: #17693a; --good-card: #e8f5ec; --bad: #a3201a; --bad-card: #fdecea; --open: #7a5200; --open-card: #fdf3dc;
          --guard: #d3d8df; --drain: #f4c36d; --rebuild: #93bbf5; --verify: #83d4cf; --rejoin: #cbb5f3; --return: #f2aa90; --soak: #bfe3b4; --on-bar: #16202c;
          --in: #2e9155; --out: #c0392b;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #10151b; --card: #19202a; --ink: #e6eaef; --soft: #a3adb9; --line: #2e3844; --band: #1f2833; --link: #8ab8ff;
            --good: #7fd6a0; --good-card: #142c1f; --bad: #ff9c92; --bad-card: #381917; --open: #f0c469; --open-card: #33270c;
            --guard: #4b5562; --drain: #86580a; --rebuild: #26599f; --verify: #0f6764; --rejoin: #5f42a3; --return: #8f3f2b; --soak: #2f6636; --on-bar: #f4f6f8;
            --in: #4fb878; --out: #ff7a6b;
          }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; font-variant-numeric: tabular-nums; }
        .page { max-width: 70rem; margin: 0 auto; padding: 2rem 1.25rem 3rem; }
        h1 { font-size: clamp(1.45rem, 3.4vw, 2.1rem); line-height: 1.2; margin: .25rem 0 .75rem; letter-spacing: -.01em; overflow-wrap: anywhere; text-wrap: balance; }
        h2 { font-size: 1.15rem; line-height: 1.3; margin: 0 0 .6rem; }
        h3 { font-size: .95rem; margin: 1.1rem 0 .35rem; }
        p { margin: .35rem 0; max-width: 48rem; }
        ul { margin: .35rem 0; padding-left: 1.2rem; }
        code, .mono { font: .86em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
        .soft { color: var(--soft); }
        .small { font-size: .87rem; }
        .verdict { border-radius: 10px; padding: 1.4rem 1.6rem 1.3rem; border: 1px solid var(--line); border-left: 6px solid var(--tone); background: var(--tone-card); }
        .verdict h1, .tone { color: var(--tone); }
        .verdict p.over { margin: 0; color: var(--soft); font-size: .87rem; }
        .verdict .next { margin-top: .9rem; padding-top: .8rem; border-top: 1px solid var(--line); }
        .good { --tone: var(--good); --tone-card: var(--good-card); }
        .bad { --tone: var(--bad); --tone-card: var(--bad-card); }
        .open { --tone: var(--open); --tone-card: var(--open-card); }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .8rem; margin: 1rem 0; padding: 0; list-style: none; }
        .tiles li { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .85rem 1rem; }
        .tiles b { display: block; font-size: 1.4rem; line-height: 1.3; font-weight: 650; }
        .tiles span { display: block; color: var(--soft); font-size: .84rem; }
        section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.2rem 1.4rem 1.3rem; margin-top: 1rem; }
        dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.2rem; margin: 0; }
        dl.facts dt { color: var(--soft); }
        dl.facts dd { margin: 0; overflow-wrap: anywhere; }
        .scroll { overflow-x: auto; }
        .scroll:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 4px; }
        table { border-collapse: collapse; width: 100%; font-size: .89rem; }
        caption { text-align: left; color: var(--soft); padding: 0 0 .5rem; font-size: .87rem; }
        th, td { text-align: left; vertical-align: top; padding: .42rem .8rem .42rem 0; border-bottom: 1px solid var(--line); }
        th:last-child, td:last-child { padding-right: 0; }
        thead th { color: var(--soft); font-weight: 600; font-size: .8rem; white-space: nowrap; }
        tbody th { font-weight: 600; }
        td.number, th.number { text-align: right; white-space: nowrap; }
        tr.group th { background: var(--band); padding: .4rem .6rem; font-size: .84rem; border-bottom: 1px solid var(--line); }
        tr.summary > * { border-bottom: 0; padding-bottom: .1rem; }
        tr.evidence td { padding-top: 0; padding-bottom: .55rem; }
        table.wide { min-width: 56rem; }
        table.wide td { overflow-wrap: anywhere; }
        table.tight td, table.tight th { padding-top: .22rem; padding-bottom: .22rem; }
        td.proof { min-width: 13rem; }
        details table { margin-bottom: .6rem; }
        table.tight tbody th { white-space: nowrap; }
        .nowrap { white-space: nowrap; }
        .badge { display: inline-block; padding: 0 .5rem; border-radius: 99px; font-size: .8rem; line-height: 1.55; white-space: nowrap; color: var(--tone); background: var(--tone-card); border: 1px solid currentColor; }
        .badge.plain { color: var(--soft); background: transparent; }
        details > summary { cursor: pointer; color: var(--link); font-size: .86rem; width: max-content; max-width: 100%; }
        details > div { padding: .2rem 0 .6rem; }
        tr.evidence details[open] > div { padding-left: .9rem; border-left: 3px solid var(--line); margin-top: .3rem; }
        ul.legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; padding: 0; margin: 0 0 .6rem; font-size: .84rem; color: var(--soft); }
        ul.legend li { display: flex; align-items: center; gap: .4rem; }
        ul.legend svg { flex: none; }
        svg.timeline { display: block; width: 100%; min-width: 44rem; height: auto; font: 10.5px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; font-variant-numeric: tabular-nums; }
        svg text { fill: var(--ink); }
        svg .t-soft { fill: var(--soft); }
        svg .t-bar { fill: var(--on-bar); font-size: 9.5px; }
        svg .t-pair { font-weight: 650; }
        svg .tick { stroke: var(--line); stroke-width: 1; }
        svg .mark { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 3 3; }
        svg .band { fill: var(--band); }
        svg .Guarding { fill: var(--guard); } svg .Draining { fill: var(--drain); } svg .Rebuilding { fill: var(--rebuild); } svg .Verifying { fill: var(--verify); }
        svg .Rejoining { fill: var(--rejoin); } svg .Returning { fill: var(--return); } svg .Soaking { fill: var(--soak); }
        svg .in { fill: var(--in); } svg .out { fill: var(--out); } svg .none { fill: var(--out); fill-opacity: .25; stroke: var(--out); }
        footer { color: var(--soft); font-size: .84rem; margin-top: 1.4rem; }
        @media (max-width: 40rem) {
          .page { padding: .9rem .7rem 2rem; }
          .verdict, section { padding: 1rem; }
          dl.facts { grid-template-columns: 1fr; gap: 0; }
          dl.facts dd { margin-bottom: .5rem; }
          .tiles { grid-template-columns: repeat(2, 1fr); gap: .5rem; }
          .tiles li { padding: .6rem .7rem; }
          .tiles b { font-size: 1.12rem; }
        }
        @media print {
          :root { --page: #fff; --card: #fff; }
          body { font-size: 10pt; }
          .page { max-width: none; padding: 0; }
          section, .verdict, .tiles li { border-color: #bbb; }
          section { padding: .8rem 0; border: 0; border-top: 1px solid #bbb; border-radius: 0; }
          .scroll { overflow: visible; }
          table.wide, svg.timeline, td.proof { min-width: 0; }
          tr, .tiles li { break-inside: avoid; }
          h2, h3, caption { break-after: avoid; }
          * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
          details::details-content { content-visibility: visible; }
        }
        """;
}
