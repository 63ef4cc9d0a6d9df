"use strict";
{
  const MOST = 50; // rows that are drawn at once
  const find = (id) => document.getElementById(id);
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  // Copy buttons. A page from a file may have no clipboard: then the selection is copied, or is left for Ctrl+C.
  const copied = async (code) => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      return true;
    } catch {
      getSelection().selectAllChildren(code);
      return document.execCommand("copy");
    }
  };
  for (const button of document.querySelectorAll(".copy")) {
    button.addEventListener("click", async () => {
      const done = await copied(find(button.dataset.of));
      button.textContent = done ? "Copied" : "Press Ctrl+C";
      find("said").textContent = `${button.ariaLabel}: ${done ? "copied" : "selected, press Ctrl+C"}`;
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
  }

  // Checks and people: one state, or all.
  const lists = {
    checks(state) {
      for (const item of document.querySelectorAll(".checks > li")) item.hidden = state !== "" && item.dataset.state !== state;
    },
  };
  for (const group of document.querySelectorAll(".choices")) {
    const buttons = group.querySelectorAll("button");
    for (const button of buttons) {
      button.addEventListener("click", () => {
        for (const other of buttons) other.ariaPressed = other === button;
        lists[group.dataset.list](button.value);
      });
    }
  }

  const table = find("people");
  if (table) {
    const titles = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
    const columns = JSON.parse(find("people-data").textContent);
    const people = columns[0].map((_, row) => columns.map((column) => column[row]));
    const text = people.map((person) => fold(person.join("\n")));
    let found = people, state = "", shown = MOST;

    const cell = (person, column) => {
      const made = document.createElement(column ? "td" : "th");
      made.setAttribute("role", column ? "cell" : "rowheader");
      made.dataset.title = titles[column]; // for a phone, which has no room for the row of titles
      if (!column) made.scope = "row";
      if (titles[column] === "State") {
        made.append(document.createElement("span"));
        made.firstChild.className = `pill ${person[column]}`;
        made.firstChild.textContent = person[column];
      } else {
        made.textContent = person[column] || (column ? "" : "no name");
      }
      return made;
    };
    const row = (person) => {
      const made = document.createElement("tr");
      made.setAttribute("role", "row");
      made.append(...titles.map((_, column) => cell(person, column)));
      return made;
    };
    const draw = (most) => {
      table.tBodies[0].replaceChildren(...found.slice(0, most).map(row));
      const count = (number) => number.toLocaleString("en-GB");
      find("found").textContent = found.length > most
        ? `The first ${count(most)} of ${count(found.length)} people` : `${count(found.length)} of ${count(people.length)} people`;
      find("more").hidden = found.length <= most;
    };
    const narrow = () => {
      const words = fold(find("search").value).split(/\s+/);
      found = people.filter((person, index) => (!state || person[titles.indexOf("State")] === state)
        && words.every((word) => text[index].includes(word)));
      draw(shown = MOST);
    };
    lists.people = (chosen) => { state = chosen; narrow(); };
    find("search").addEventListener("input", narrow);
    find("more").addEventListener("click", () => draw(shown += MOST));
    addEventListener("beforeprint", () => draw(Infinity));
    addEventListener("afterprint", () => draw(shown));
    narrow();
  }
}
