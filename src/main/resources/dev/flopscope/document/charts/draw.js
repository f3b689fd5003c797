// Puts every chart where the page has room for it, and saves it.
const PAPER_WIDTH = 680;
const SAVED_WIDTH = 960;
const dark = window.matchMedia('(prefers-color-scheme: dark)');
const lookOfPage = () => (dark.matches ? LOOKS.dark : LOOKS.light);
const withDefaults = (option) => ({ animation: false, textStyle: { fontFamily: FONT }, ...option });

/** Words broken into lines that are no wider. */
const linesOf = (text, width, letter) => text.trim().split(/\s+/).reduce((lines, word) => {
  const last = lines[lines.length - 1];
  return last && (last.length + 1 + word.length) * letter < width ? [...lines.slice(0, -1), `${last} ${word}`] : [...lines, word];
}, []);

/** A chart as a file of its own: drawn anew, wherever it is shown, under what it shows and where that was measured. */
const picture = (figure) => {
  const look = lookOfPage();
  const { height, option } = CHARTS[figure.dataset.chart](look, SAVED_WIDTH);
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: SAVED_WIDTH, height });
  chart.setOption(withDefaults(option));
  const drawing = chart.renderToSVGString();
  chart.dispose();
  const words = [
    ...linesOf(`${document.querySelector('h1').textContent}: ${figure.querySelector('h3').textContent}`, SAVED_WIDTH - 40, 9.5)
      .map((text) => ({ text, size: 17, weight: 600, ink: look.ink })),
    ...linesOf(document.querySelector('.byline')?.textContent ?? '', SAVED_WIDTH - 40, 6.6)
      .filter((text) => text).map((text) => ({ text, size: 12, weight: 400, ink: look.soft })),
  ];
  const top = 20 + 22 * words.length;
  const title = words.map(({ text, size, weight, ink }, line) =>
    `<text x="20" y="${32 + 22 * line}" font-family="${escaped(FONT)}" font-size="${size}" font-weight="${weight}" fill="${ink}">`
    + `${escaped(text)}</text>`).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${SAVED_WIDTH}"`
    + ` height="${top + height}"><rect width="100%" height="100%" fill="${look.paper}"/>${title}`
    + `${drawing.replace('<svg ', `<svg y="${top}" `)}</svg>`;
};

/** The picture in twice as many pixels, for screens that have them. */
const pixels = async (svg) => {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = 2 * image.width;
  canvas.height = 2 * image.height;
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  // Not by toBlob, which waits until a browser is idle: seconds, where it is not.
  const encoded = atob(canvas.toDataURL('image/png').split(',')[1]);
  return new Blob([Uint8Array.from(encoded, (letter) => letter.charCodeAt(0))], { type: 'image/png' });
};

const save = (blob, name) => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
};

/** Two buttons in the caption, made here so that a page without script shows none that does nothing. */
const addButtons = (figure) => {
  const title = document.querySelector('h1').textContent.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60).replace(/^-|-$/g, '');
  const name = `${title}-${figure.dataset.chart}`;
  const buttons = document.createElement('div');
  buttons.className = 'save';
  const add = (label, blob) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = label;
    button.title = `Save this chart as ${label}`;
    button.setAttribute('aria-label', `${button.title}: ${figure.querySelector('h3').textContent}`);
    button.addEventListener('click', async () => save(await blob(picture(figure)), `${name}.${label.toLowerCase()}`));
    buttons.append(button);
  };
  add('SVG', (svg) => new Blob([svg], { type: 'image/svg+xml' }));
  add('PNG', pixels);
  figure.querySelector('figcaption').prepend(buttons);
};

const shown = [...document.querySelectorAll('figure[data-chart]')];
for (const figure of shown) {
  figure.querySelector('.canvas').hidden = false;
  addButtons(figure);
}

/** Draws everything in a look, at a width or at that of the page. */
const drawAll = (look, width) => {
  for (const figure of shown) {
    const canvas = figure.querySelector('.canvas');
    // Anew, since a chart that is drawn again remembers where its labels were moved to.
    echarts.getInstanceByDom(canvas)?.dispose();
    const { height, option, clicked } = CHARTS[figure.dataset.chart](look, width ?? canvas.clientWidth);
    const chart = echarts.init(canvas, null, { renderer: 'svg', width: width ?? canvas.clientWidth, height });
    chart.setOption(withDefaults(option));
    if (clicked) {
      chart.on('click', clicked(chart));
    }
  }
};
const show = () => drawAll(lookOfPage());

show();
dark.addEventListener('change', show);
let lastWidth = window.innerWidth;
window.addEventListener('resize', () => {
  if (window.innerWidth !== lastWidth) {
    lastWidth = window.innerWidth;
    show();
  }
});
window.addEventListener('beforeprint', () => drawAll(LOOKS.light, PAPER_WIDTH));
window.addEventListener('afterprint', show);
