/** Style of printed and shown reports: system fonts, print margins, tones that differ in lightness too. */
export const AUDIT_STYLE = `
:root{--ink:#1c2733;--soft:#5a6b7b;--line:#d9e0e7;--paper:#fff;--wash:#f4f7f9;--special:#a3213b;--high:#d9822b;--personal:#2f6f9f;--technical:#9fb0bd;--alert:#7a1028}
*{box-sizing:border-box}
body{margin:0;background:var(--wash);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:960px;margin:0 auto;padding:32px 40px 64px;background:var(--paper)}
.first{margin:0 0 20px;padding:12px 16px;border-left:6px solid var(--personal);background:#eaf2f8;font-weight:600}
.first.incomplete{border-color:var(--alert);background:#fbe9ec;color:var(--alert)}
h1{margin:0;font-size:30px;line-height:1.2;letter-spacing:-.01em}
h2{margin:44px 0 6px;padding-top:14px;border-top:2px solid var(--ink);font-size:21px}
h3{margin:22px 0 6px;font-size:16px}
.meta,.intro{margin:4px 0;color:var(--soft)}
.cards{display:grid;grid-template-columns:repeat(3,1fr);gap:14px;margin:18px 0 0;padding:0;list-style:none}
.cards li{padding:14px 16px;border:1px solid var(--line);border-radius:8px}
.cards b{display:block;font-size:28px;line-height:1.1;font-variant-numeric:tabular-nums}
.cards .warn b{color:var(--special)}
.cards span{color:var(--soft);font-size:13px}
.chart{display:block;width:100%;height:auto;margin:14px 0}
.bar-label,.bar-value{font-size:12.5px;fill:var(--ink)}
.bar-value{fill:var(--soft);font-variant-numeric:tabular-nums}
.tone-special{fill:var(--special)}.tone-high{fill:var(--high)}.tone-personal{fill:var(--personal)}.tone-technical{fill:var(--technical)}.tone-rest{fill:#e6ecf1}
.legend{display:flex;flex-wrap:wrap;gap:18px;margin:8px 0 0;padding:0;list-style:none;font-size:13px}
.legend svg{width:11px;height:11px;margin-right:6px}
.scroll{overflow-x:auto}
table{width:100%;margin:12px 0;border-collapse:collapse;font-size:13.5px}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th{padding:6px 10px 6px 0;border-bottom:2px solid var(--line);text-align:left;vertical-align:bottom}
td{padding:6px 10px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
code{font:12.5px/1.4 ui-monospace,SFMono-Regular,Consolas,monospace;overflow-wrap:anywhere}
.share{width:60px;height:8px;margin-left:8px;vertical-align:middle}
.tag{display:inline-block;padding:0 7px;border-radius:9px;background:var(--wash);border:1px solid var(--line);font-size:12px;white-space:nowrap}
.tag.special{background:#fbe9ec;border-color:#e3b3bd;color:var(--alert);font-weight:600}
.tag.high{background:#fdf1e2;border-color:#ecc998;color:#7c4309}
.quiet{color:var(--soft)}
details{margin:10px 0;border:1px solid var(--line);border-radius:8px;padding:8px 14px}
summary{cursor:pointer;font-weight:600}
summary .quiet{font-weight:400}

.readers{margin:14px 0;padding:12px 16px;border:1px solid var(--line);border-radius:8px}
.readers p{margin:0 0 6px}
.fields{margin:4px 0;padding:2px 0;border:0}
.fields summary{font-weight:400}
footer{margin-top:44px;color:var(--soft);font-size:13px}
@media (max-width:720px){main{padding:20px 16px}.cards{grid-template-columns:1fr 1fr}}
@media print{
@page{margin:16mm 14mm}
body{background:none;font-size:10.5pt}
main{max-width:none;padding:0}
h2,h3,summary{break-after:avoid}
tr,.chart,.cards li{break-inside:avoid}
thead{display:table-header-group}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}`;
