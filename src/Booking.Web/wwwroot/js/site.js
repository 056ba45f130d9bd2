'use strict';
// Everything works without this file; it makes the same things smoother.
document.addEventListener('DOMContentLoaded', () => {
  if (window.DKFDS) {
    window.DKFDS.init();
  }

  // Beside the list the filters are open, also where the style sheet cannot keep them open.
  const filters = document.getElementById('filters');
  if (filters && window.matchMedia('(min-width: 992px)').matches) {
    filters.open = true;
  }
});

// A link that was followed inside a swapped part is gone; focus goes to the line that says what came instead.
document.addEventListener('htmx:afterSettle', event => {
  const target = event.detail.target;
  if (target && target.id === 'results' && (!document.activeElement || document.activeElement === document.body)) {
    const count = document.getElementById('result-count');
    if (count) {
      count.focus({ preventScroll: true });
    }
  }
});
