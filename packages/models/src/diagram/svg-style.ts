/** Light, and dark where the page or the system is. The hues tell what a part is; text is never told by hue alone. */
export const style: string = `
.tenon-diagram{--paper:#fff;--ink:#1b1f24;--quiet:#59636e;--line:#7b8794;--frame:#f6f8fa;--edge:#d0d7de;
--embedding:#e7f0fd;--embedding-edge:#7aa7e9;--norm:#f1f3f5;--norm-edge:#adb5bd;--attention:#fdeee0;--attention-edge:#e59b52;
--feed-forward:#e6f5ec;--feed-forward-edge:#66b387;--head:#f2eafc;--head-edge:#a781dd;color-scheme:light dark;
font-family:Inter,"Segoe UI",system-ui,-apple-system,Roboto,"Helvetica Neue",Arial,sans-serif}
@media (prefers-color-scheme:dark){.tenon-diagram{--paper:#0d1117;--ink:#e6edf3;--quiet:#9aa5b1;--line:#768390;--frame:#151b23;--edge:#303842;
--embedding:#12243d;--embedding-edge:#3f74bd;--norm:#20262d;--norm-edge:#59636e;--attention:#33220f;--attention-edge:#b0712b;
--feed-forward:#11291d;--feed-forward-edge:#3b8a5e;--head:#251a38;--head-edge:#7f5bb8}}
.tenon-diagram .paper{fill:var(--paper)}
.tenon-diagram text{fill:var(--ink)}
.tenon-diagram .name{font-size:20px;font-weight:650}
.tenon-diagram .facts,.tenon-diagram .detail{fill:var(--quiet);font-size:12px}
.tenon-diagram .facts{font-size:13px}
.tenon-diagram .title{font-size:14px;font-weight:600}
.tenon-diagram .times{font-size:13px;font-weight:600;fill:var(--quiet);text-anchor:end}
.tenon-diagram .flow{font-size:12.5px;fill:var(--quiet)}
.tenon-diagram .middle{text-anchor:middle}
.tenon-diagram .left{text-anchor:end}
.tenon-diagram .frame{fill:var(--frame);stroke:var(--edge)}
.tenon-diagram .line{fill:none;stroke:var(--line);stroke-width:1.5}
.tenon-diagram .head{fill:var(--line)}
.tenon-diagram .sum circle{fill:var(--paper);stroke:var(--line);stroke-width:1.5}
.tenon-diagram .sum path{stroke:var(--ink);stroke-width:1.5}
.tenon-diagram .box rect{stroke-width:1.2;fill:var(--norm);stroke:var(--norm-edge)}
${["embedding", "attention", "feed-forward", "head"].map((look) => `.tenon-diagram .${look} rect{fill:var(--${look});stroke:var(--${look}-edge)}`).join("\n")}
`;
