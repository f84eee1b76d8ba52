// Messages in the order of their numbers, drawn into a list that stays where the reader looks.

const twin = (line, node) => [...line.querySelectorAll(`.${node.classList[0]}`)].find(other => other.getAttribute('aria-label') === node.getAttribute('aria-label'));

export class Timeline {
  #list;
  #scroller;
  #draw;
  #byId = new Map();
  #order = [];
  #lines = new Map();

  /** @param draw makes the line of a message, given the one above it. */
  constructor(list, scroller, draw) {
    this.#list = list;
    this.#scroller = scroller;
    this.#draw = draw;
  }

  get size() { return this.#order.length; }
  get first() { return this.#order[0]; }
  get last() { return this.#order.at(-1); }
  get isAtEnd() { return this.#scroller.scrollHeight - this.#scroller.scrollTop - this.#scroller.clientHeight < 60; }

  find(id) { return this.#byId.get(id); }
  lineOf(id) { return this.#lines.get(id); }
  all() { return this.#order; }

  clear() {
    this.#byId.clear();
    this.#order = [];
    this.#lines.clear();
    this.#list.replaceChildren();
  }

  /** Takes in messages as they are now, new and known ones. */
  take(messages) {
    if (messages.length === 0) return;
    const touched = new Set();
    let isSorted = true;
    for (const message of messages) {
      if (!this.#byId.has(message.id)) {
        if (this.last && message.seq < this.last.seq) isSorted = false;
        this.#order.push(message);
      }
      this.#byId.set(message.id, message);
      touched.add(message.id);
    }
    if (!isSorted) this.#order.sort((a, b) => a.seq - b.seq);
    this.#order = this.#order.map(message => this.#byId.get(message.id));
    this.#redraw(touched);
  }

  drop(id) {
    if (!this.#byId.delete(id)) return;
    const at = this.#order.findIndex(message => message.id === id);
    this.#order.splice(at, 1);
    this.#lines.get(id)?.remove();
    this.#lines.delete(id);
    if (this.#order[at]) this.#redraw(new Set([this.#order[at].id]));
  }

  /** Draws lines again of which something outside changed; all of them without a choice. */
  refresh(choose = () => true) { this.#redraw(new Set(this.#order.filter(choose).map(message => message.id))); }

  toEnd() { this.#scroller.scrollTop = this.#scroller.scrollHeight; }

  // A line's look depends on the line above it, so the one below a touched line is drawn again as well.
  #redraw(touched) {
    this.stay(() => {
      let previous = null;
      let wasTouched = false;
      for (const message of this.#order) {
        const isTouched = touched.has(message.id);
        if (isTouched || wasTouched) this.#put(message, previous);
        wasTouched = isTouched;
        previous = message;
      }
    });
  }

  #put(message, above) {
    const old = this.#lines.get(message.id);
    const line = this.#draw(message, above);
    this.#lines.set(message.id, line);
    if (old) {
      line.classList.toggle('flash', old.classList.contains('flash'));
      const focused = old.contains(document.activeElement) ? document.activeElement : null;
      old.replaceWith(line);
      if (focused) (focused === old ? line : twin(line, focused) ?? line).focus({ preventScroll: true });
    } else if (above) {
      this.#lines.get(above.id).after(line);
    } else {
      this.#list.prepend(line);
    }
  }

  /** Changes the list while the line at the top edge stays in its place, or the end where the reader was at the end. */
  stay(change) {
    const wasAtEnd = this.isAtEnd;
    const edge = this.#scroller.getBoundingClientRect().top;
    const anchor = wasAtEnd ? null : [...this.#list.children].find(line => line.getBoundingClientRect().bottom > edge);
    const before = anchor?.getBoundingClientRect().bottom;
    change();
    if (wasAtEnd) this.toEnd();
    const now = anchor && this.#lines.get(anchor.dataset.id);
    if (now) this.#scroller.scrollTop += now.getBoundingClientRect().bottom - before;
  }
}
