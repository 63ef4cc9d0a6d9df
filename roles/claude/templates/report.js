"use strict";
{
  const PAGE_SIZE = 50; // rows of the table that are added at once
  const byId = (id) => document.getElementById(id);
  const withoutAccents = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  // Copy buttons. A page that is opened from a file may have no clipboard. Then the value is selected and copied, or left for Ctrl+C.
  const copyText = async (element) => {
    try {
      await navigator.clipboard.writeText(element.textContent);
      return true;
    } catch {
      getSelection().selectAllChildren(element);
      return document.execCommand("copy");
    }
  };
  for (const button of document.querySelectorAll(".copy")) {
    button.addEventListener("click", async () => {
      const copied = await copyText(byId(button.dataset.of));
      button.textContent = copied ? "Copied" : "Press Ctrl+C";
      byId("announcement").textContent = `${button.ariaLabel}: ${copied ? "copied" : "selected, press Ctrl+C"}`;
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
  }

  // What is folded is not printed by every browser.
  const folded = [...document.querySelectorAll("details:not([open])")];
  addEventListener("beforeprint", () => folded.forEach((details) => { details.open = true; }));
  addEventListener("afterprint", () => folded.forEach((details) => { details.open = false; }));

  const table = byId("people");
  if (table) {
    const titles = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
    const data = JSON.parse(byId("people-data").textContent);
    const people = data.name.map((name, row) => {
      const login = data.login[row], [itsState, detail] = data.states[data.state[row]];
      return [name, login, data.email[row] || login, itsState, detail];
    });
    const searchTexts = people.map((person) => withoutAccents(person.join("\n")));
    let matches = people, state = "", rowLimit = PAGE_SIZE;

    const createCell = (person, column) => {
      const cell = document.createElement(column ? "td" : "th");
      cell.setAttribute("role", column ? "cell" : "rowheader");
      cell.dataset.title = titles[column]; // for narrow screens, which hide the header row
      if (!column) cell.scope = "row";
      if (titles[column] === "State") {
        cell.append(document.createElement("span"));
        cell.firstChild.className = `pill ${person[column]}`;
        cell.firstChild.textContent = person[column];
      } else {
        cell.textContent = person[column] || (column ? "" : "no name");
      }
      return cell;
    };
    const createRow = (person) => {
      const row = document.createElement("tr");
      row.setAttribute("role", "row");
      row.append(...titles.map((_, column) => createCell(person, column)));
      return row;
    };
    const showRows = (limit) => {
      table.tBodies[0].replaceChildren(...matches.slice(0, limit).map(createRow));
      const formatCount = (count) => count.toLocaleString("en-US");
      byId("found").textContent = matches.length > limit
        ? `The first ${formatCount(limit)} of ${formatCount(matches.length)} people`
        : `${formatCount(matches.length)} of ${formatCount(people.length)} people`;
      byId("more").hidden = matches.length <= limit;
    };
    const filterPeople = () => {
      const words = withoutAccents(byId("search").value).split(/\s+/);
      matches = people.filter((person, index) => (!state || person[titles.indexOf("State")] === state)
        && words.every((word) => searchTexts[index].includes(word)));
      showRows(rowLimit = PAGE_SIZE);
    };
    const buttons = document.querySelectorAll(".states button");
    for (const button of buttons) {
      button.addEventListener("click", () => {
        for (const other of buttons) other.ariaPressed = other === button;
        state = button.value;
        filterPeople();
      });
    }
    byId("search").addEventListener("input", filterPeople);
    byId("more").addEventListener("click", () => showRows(rowLimit += PAGE_SIZE));
    addEventListener("beforeprint", () => showRows(Infinity));
    addEventListener("afterprint", () => showRows(rowLimit));
    filterPeople();
  }
}
