// The charts of a page are drawn from the JSON in it. These files are written one after another into one function, so that
// they share what is declared here. Colours differ in hue by family and in lightness within one, and neighbours differ in
// pattern, mark or stroke too, so that no chart is told apart by colour alone.
const figures = JSON.parse(document.getElementById('figures').textContent);
/** By name: a function of a look and a width that gives a height and ECharts' option, and what a click on it does. */
const CHARTS = {};

const LOOKS = {
  light: { ink: '#1a1d21', soft: '#565d66', line: '#d5dae0', panel: '#f4f6f8', paper: '#ffffff' },
  dark: { ink: '#e8eaed', soft: '#a9b0b8', line: '#363c44', panel: '#1d2126', paper: '#14171a' },
};
/** Widths of words are measured, so the fonts are named; in single quotes, since ECharts writes them into attributes as they are. */
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";
const NARROW = 560;

const PATTERNS = {
  lines: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: Math.PI / 4 },
  counterlines: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [1, 4], rotation: -Math.PI / 4 },
  dots: { symbol: 'circle', dashArrayX: [[6, 6], [0, 6, 6, 0]], dashArrayY: [6, 0], symbolSize: 0.6 },
};
const COLOURS = {
  q_proj: ['#0b5cad'], k_proj: ['#2f86d6'], v_proj: ['#6cb0ee'], o_proj: ['#a9d3f7'],
  attn_scores: ['#c2570c', 'lines'], attn_values: ['#f0953f', 'lines'],
  ffn_gate: ['#00664d'], ffn_up: ['#1f9e7d'], ffn_down: ['#7fd1ba'],
  lm_head: ['#8a4fa3', 'dots'],
  embedding: ['#7b6a58'], norm: ['#f2d24b', 'dots'], rotary: ['#b59a2b', 'dots'],
  cache: ['#6f7d2e', 'dots'], 'last rows': ['#4b5320', 'dots'],
  softmax: ['#a3174d', 'counterlines'], gate: ['#d6699b', 'counterlines'], residual: ['#e7b3cb', 'counterlines'],
  waiting: ['#8c939c', 'dots'], unexplained: ['#c3c9d0', 'lines'],
};
const CURVES = ['#2f86d6', '#c2570c', '#1f9e7d', '#8a4fa3', '#b59a2b', '#a3174d'];
const STROKES = ['solid', 'dashed', 'dotted'];
const MARKS = ['circle', 'triangle', 'rect', 'diamond', 'roundRect', 'pin'];

const number = (value, digits = 1) =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const percent = (share) => `${number(100 * share)} %`;
const milliseconds = (nanoseconds) => `${number(nanoseconds / 1e6, nanoseconds < 1e7 ? 3 : 1)} ms`;
const median = (values) => {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** The unit that suits the largest of some numbers of FLOPs, and its size. */
const flopsUnit = (most) =>
  [[1e15, 'PFLOPs'], [1e12, 'TFLOPs'], [1e9, 'GFLOPs'], [1e6, 'MFLOPs'], [1e3, 'kFLOPs']]
    .find(([size]) => most >= size) ?? [1, 'FLOPs'];

const colour = (name) => (COLOURS[name] ?? ['#8c939c'])[0];
const decal = (pattern) => (pattern ? { ...PATTERNS[pattern], color: 'rgba(0, 0, 0, 0.25)' } : undefined);
const style = (name, look) =>
  ({ color: colour(name), borderColor: look.paper, borderWidth: 0.5, decal: decal((COLOURS[name] ?? [])[1]) });
/** Black or white, whichever has the greater contrast to the colour, by the luminance of WCAG 2. */
const over = (hex) => {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? '#000000' : '#ffffff';
};

const axis = (look, more) => ({
  axisLine: { show: true, lineStyle: { color: look.soft } },
  axisLabel: { color: look.soft },
  nameTextStyle: { color: look.soft },
  splitLine: { lineStyle: { color: look.line } },
  ...more,
});
const tooltip = (look, formatter) => ({
  confine: true,
  backgroundColor: look.paper,
  borderColor: look.line,
  textStyle: { color: look.ink },
  formatter,
});
const legend = (look, more) => ({ bottom: 0, left: 'center', itemWidth: 20, itemHeight: 13, textStyle: { color: look.ink }, ...more });

/** Text in a tooltip, which ECharts takes for markup. */
const escaped = (text) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

/** Rows that a legend of these names takes. */
const legendRows = (names, width) => {
  let rows = 1;
  let used = 0;
  for (const name of names) {
    const wide = 42 + 6.6 * name.length;
    if (used + wide > width && used > 0) {
      rows += 1;
      used = 0;
    }
    used += wide;
  }
  return rows;
};

const ruler = document.createElement('canvas').getContext('2d');
/** Space for the longest of some names beside a chart, of which at most a third goes to them. */
const nameWidth = (words, width) => {
  ruler.font = `12px ${FONT}`;
  return Math.min(width / 3, 16 + Math.max(...words.map((name) => ruler.measureText(name).width)));
};

/** Names from top to bottom. */
const names = (look, width, data, more) => axis(look, {
  type: 'category',
  inverse: true,
  axisTick: { show: false },
  axisLabel: { color: look.ink, width: width - 12, overflow: 'truncate', ...more },
  data,
});

const powerOf2Below = (value) => 2 ** Math.floor(Math.log2(value));
const powerOf2Above = (value) => 2 ** Math.ceil(Math.log2(value));

const tick = (value) => (value >= 1 ? number(value, 0) : String(Number(value.toPrecision(2))));
const logarithmic = (look, name, min, max, nameGap) => axis(look, {
  type: 'log',
  // From ten steps on, ECharts would label each tenth.
  logBase: max / min < 2 ** 10 ? 2 : 4,
  name,
  nameLocation: 'middle',
  nameGap,
  min,
  max,
  axisLabel: { color: look.soft, formatter: tick, hideOverlap: true },
});

/** Lines with a cap at either end, from [x1, y1] to [x2, y2] of each datum. */
const whiskers = (name, ink, data, more) => ({
  name,
  type: 'custom',
  silent: true,
  clip: true,
  itemStyle: { color: ink },
  encode: { x: [0, 2], y: [1, 3] },
  data,
  renderItem: (params, api) => {
    const [x1, y1] = api.coord([api.value(0), api.value(1)]);
    const [x2, y2] = api.coord([api.value(2), api.value(3)]);
    const length = Math.hypot(x2 - x1, y2 - y1) || 1;
    const [across, down] = [5 * (y2 - y1) / length, 5 * (x2 - x1) / length];
    const line = (fromX, fromY, toX, toY) =>
      ({ type: 'line', shape: { x1: fromX, y1: fromY, x2: toX, y2: toY }, style: { stroke: ink, lineWidth: 1.5 } });
    return {
      type: 'group',
      children: [
        line(x1, y1, x2, y2),
        line(x1 - across, y1 - down, x1 + across, y1 + down),
        line(x2 - across, y2 - down, x2 + across, y2 + down),
      ],
    };
  },
  ...more,
});
