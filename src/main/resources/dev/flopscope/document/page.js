'use strict';
// Tables that sort: headers become buttons, so that a page without script shows no button that does nothing.
for (const table of document.querySelectorAll('table[data-sorts]')) {
  const body = table.tBodies[0];
  const headers = [...table.tHead.rows[0].cells];

  /** Cells without a number come last, whichever way it goes. */
  const number = (text) => Number.parseFloat(text.replaceAll(',', ''));

  const compare = (column, numeric, ascending) => (one, other) => {
    const [a, b] = [one, other].map((row) => row.cells[column].textContent);
    if (!numeric) {
      return ascending ? a.localeCompare(b) : b.localeCompare(a);
    }
    const [x, y] = [number(a), number(b)];
    if (Number.isNaN(x) || Number.isNaN(y)) {
      return Number.isNaN(x) - Number.isNaN(y);
    }
    return ascending ? x - y : y - x;
  };

  headers.forEach((header, column) => {
    const numeric = header.classList.contains('number');
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = header.textContent;
    header.replaceChildren(button);
    button.addEventListener('click', () => {
      const before = header.getAttribute('aria-sort');
      const ascending = before ? before === 'descending' : !numeric;
      headers.forEach((each) => each.removeAttribute('aria-sort'));
      header.setAttribute('aria-sort', ascending ? 'ascending' : 'descending');
      body.append(...[...body.rows].sort(compare(column, numeric, ascending)));
    });
  });
}

// Paper has nothing to unfold.
window.addEventListener('beforeprint', () => {
  for (const each of document.querySelectorAll('details:not([open])')) {
    each.dataset.folded = '';
    each.open = true;
  }
});
window.addEventListener('afterprint', () => {
  for (const each of document.querySelectorAll('details[data-folded]')) {
    delete each.dataset.folded;
    each.open = false;
  }
});
