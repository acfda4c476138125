namespace Goodhart.Lab.Report;

/// <summary>How the report looks: one column of paper, a few colours, light, dark and printed.</summary>
static class Stylesheet
{
    public static Markup Text { get; } = new("""
        :root {
          color-scheme: light dark;
          --paper: #fffefb; --ink: #1c1b19; --soft: #6a6760; --rule: #d8d5cc; --grid: #ebe8e0;
          --hot-1: #c5341c; --hot-2: #b8720a; --hot-3: #96285c;
          --calm-1: #1a6aa3; --calm-2: #1b8577; --calm-3: #5a61b4;
          --grey-1: #77746c; --grey-2: #9a968c; --grey-3: #55534d;
        }
        @media screen and (prefers-color-scheme: dark) {
          :root {
            --paper: #17181b; --ink: #ecebe6; --soft: #a5a29a; --rule: #3d3e43; --grid: #292a2e;
            --hot-1: #ff7d5e; --hot-2: #efb04f; --hot-3: #e583b2;
            --calm-1: #6ab5ec; --calm-2: #56c7b4; --calm-3: #a3a8f2;
            --grey-1: #a5a29a; --grey-2: #86837c; --grey-3: #c4c1b8;
          }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif; }
        main { max-width: 1080px; margin: 0 auto; padding: 28px 24px 56px; }
        .kicker { margin: 0; padding-top: 10px; border-top: 4px solid var(--ink); font-size: 12px; letter-spacing: .06em; text-transform: uppercase; color: var(--soft); }
        .kicker b { color: var(--ink); }
        h1, h2, .card p { font-family: Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, "Liberation Serif", serif; }
        h1 { max-width: 21em; margin: 14px 0 8px; font-size: clamp(28px, 4.6vw, 46px); line-height: 1.1; font-weight: 700; letter-spacing: -.012em; text-wrap: balance; }
        .byline { margin: 0 0 22px; font-size: 13px; color: var(--soft); }
        h2 { margin: 44px 0 4px; padding-top: 12px; border-top: 1px solid var(--rule); font-size: 22px; line-height: 1.25; }
        h2 + p { margin: 0 0 16px; max-width: 52em; color: var(--soft); text-wrap: pretty; }
        .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(230px, 1fr)); gap: 20px 28px; }
        .card { border-top: 3px solid var(--c); padding-top: 10px; }
        .card h3 { margin: 0; font-size: 15px; font-weight: 600; }
        .card strong { color: var(--c); font-weight: 700; }
        .card p { max-width: 40em; margin: 4px 0 0; font-size: 16px; line-height: 1.42; text-wrap: pretty; }
        .mark { width: 11px; height: 11px; margin-right: 7px; overflow: visible; }
        .arm { white-space: nowrap; }
        figure { margin: 0; }
        .plane { display: grid; grid-template-columns: minmax(0, 1fr) 250px; gap: 8px 36px; align-items: start; }
        .plane ol { margin: 34px 0 0; padding: 0; list-style: none; font-size: 14px; }
        .plane li { padding: 10px 0; border-top: 1px solid var(--rule); }
        .panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(280px, 1fr)); gap: 26px 30px; }
        svg.wide, svg.narrow, svg.panel { display: block; width: 100%; height: auto; overflow: visible; }
        svg.panel { max-width: 440px; }
        svg.narrow { display: none; }
        svg text { font-size: 11px; fill: var(--soft); font-variant-numeric: tabular-nums; }
        svg .title { font-size: 14px; font-weight: 600; fill: var(--ink); }
        svg .subtitle { font-size: 12px; fill: var(--ink); }
        svg.panel .subtitle { fill: var(--soft); }
        svg .label, svg g .note { fill: var(--c); }
        svg .label { font-size: 12px; }
        svg.panel .label { font-size: 11px; font-weight: 600; }
        svg .strong { font-size: 13px; font-weight: 700; }
        svg .label, svg .note { paint-order: stroke; stroke: var(--paper); stroke-width: 3px; stroke-linejoin: round; }
        .grid { stroke: var(--grid); }
        .axis, .tickline { stroke: var(--soft); }
        .line { fill: none; stroke: var(--c); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
        .track { stroke-width: 2.6; }
        .band { fill: var(--c); opacity: .16; }
        .law { fill: none; stroke: var(--c); stroke-width: 1.3; stroke-dasharray: 5 4; }
        .onset { stroke: var(--c); stroke-width: 1; stroke-dasharray: 1 3; }
        .reference { stroke: var(--soft); stroke-width: 1.2; stroke-dasharray: 2 3; }
        .solid, .arrow, .dot { fill: var(--c); }
        .hollow { fill: var(--paper); stroke: var(--c); stroke-width: 2; }
        .scroll { overflow-x: auto; }
        table { width: 100%; border-collapse: collapse; font-size: 13.5px; font-variant-numeric: tabular-nums; }
        th { padding: 4px 14px 6px 0; border-bottom: 1px solid var(--ink); font-size: 12px; font-weight: 500; color: var(--soft); text-align: left; vertical-align: bottom; }
        .groups th { padding-bottom: 3px; border: 0; }
        .groups .named { color: var(--ink); text-align: center; border-bottom: 1px solid var(--rule); border-left: 14px solid var(--paper); }
        td { padding: 8px 14px 8px 0; border-bottom: 1px solid var(--rule); vertical-align: baseline; }
        th.n, td.n { padding: 8px 0 8px 14px; text-align: right; }
        th.n { padding-bottom: 6px; }
        td.n { white-space: nowrap; }
        small { font-size: 11.5px; color: var(--soft); }
        .notes { display: grid; grid-template-columns: repeat(auto-fit, minmax(270px, 1fr)); gap: 4px 36px; max-width: none; }
        .notes p { margin: 8px 0; font-size: 14px; }
        .warning { margin: 18px 0 0; padding-left: 12px; border-left: 3px solid var(--hot-2); font-size: 14px; }
        details { margin-top: 12px; border-top: 1px solid var(--rule); border-bottom: 1px solid var(--rule); }
        summary { padding: 10px 0; cursor: pointer; font-weight: 600; }
        pre { margin: 0 0 14px; overflow-x: auto; font: 12.5px/1.5 ui-monospace, "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace; }
        footer { margin-top: 40px; font-size: 12.5px; color: var(--soft); }
        @media (max-width: 720px) {
          main { padding: 16px 16px 40px; }
          .plane { grid-template-columns: minmax(0, 1fr); }
          .plane ol { margin-top: 10px; }
          svg.wide { display: none; }
          svg.narrow { display: block; }
          svg.panel { max-width: none; }
          table { min-width: 620px; }
          td:first-child, th:first-child { position: sticky; left: 0; background: var(--paper); }
          h2 { margin-top: 34px; }
        }
        @media print {
          main { max-width: none; padding: 0; }
          body, .plane ol, .notes p { font-size: 12px; }
          .card p { font-size: 13px; }
          h1 { font-size: 30px; }
          table { font-size: 10px; }
          th, small { font-size: 9px; }
          th.n, td.n { padding-left: 6px; }
          .cards, .panels { grid-template-columns: repeat(3, 1fr); gap: 16px; }
          .plane { grid-template-columns: minmax(0, 1fr) 170px; gap: 20px; }
          svg.wide { display: block; }
          svg.narrow { display: none; }
          .scroll { overflow: visible; }
          figure, tr, .card, svg { break-inside: avoid; }
          h2 { break-after: avoid; margin-top: 24px; }
        }
        """);
}
