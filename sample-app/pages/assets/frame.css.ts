import { css } from './css.js';

/** The sidebar, which becomes a bar at the top on narrow screens, and the page next to it. */
export const FRAME = css`
  main {
    display: grid;
    gap: 24px;
    align-content: start;
    width: 100%;
    max-width: 1040px;
    padding: 24px 16px 64px;
    min-width: 0;
  }
  main > * {
    min-width: 0;
  }
  .top {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 16px;
    padding: 8px 16px;
    background: var(--surface);
    border-bottom: 1px solid var(--line);
  }
  .brand {
    display: flex;
    align-items: center;
    gap: 12px;
    min-height: 40px;
    color: var(--text);
    font-weight: 650;
    line-height: 16px;
    text-decoration: none;
  }
  .brand:hover {
    color: var(--text);
  }
  .brand small {
    display: block;
    color: var(--muted);
    font-weight: 400;
  }
  .open main {
    margin-inline: auto;
  }

  .menu ul {
    display: grid;
    gap: 4px;
  }
  .menu a {
    display: flex;
    align-items: center;
    gap: 12px;
    min-height: 40px;
    padding: 8px 12px;
    border-radius: var(--radius);
    color: var(--muted);
    font-weight: 500;
    text-decoration: none;
  }
  .menu a:hover {
    background: var(--sunken);
    color: var(--text);
  }
  .menu a[aria-current] {
    background: var(--accent-soft);
    color: var(--accent);
  }
  .icon {
    width: 20px;
    height: 20px;
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.5;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .account {
    display: flex;
    align-items: center;
    gap: 12px;
    margin-top: 16px;
    padding: 16px 4px 0 12px;
    border-top: 1px solid var(--line);
  }
  .account-name {
    flex: 1;
    min-width: 0;
    font-weight: 600;
    line-height: 20px;
    overflow-wrap: anywhere;
  }
  .avatar {
    display: grid;
    place-items: center;
    flex: none;
    width: 32px;
    height: 32px;
    border-radius: 50%;
    background: var(--accent-soft);
    color: var(--accent);
    font-weight: 650;
  }
  .menu[popover] {
    border: 1px solid var(--line);
    background: var(--surface);
    color: inherit;
  }

  @media (max-width: 899px) {
    .framed .top {
      position: sticky;
      top: 0;
      z-index: 5;
    }
    .menu[popover] {
      inset: 64px 16px auto;
      width: auto;
      margin: 0;
      padding: 16px;
      border-radius: var(--radius);
      box-shadow: 0 8px 32px rgb(0 0 0 / 20%);
    }
    .menu::backdrop {
      background: rgb(10 10 20 / 32%);
    }
  }

  @media (min-width: 900px) {
    .framed {
      display: grid;
      grid-template-columns: 264px minmax(0, 1fr);
      min-height: 100vh;
    }
    main {
      padding: 32px 40px 80px;
    }
    .framed .top {
      position: sticky;
      top: 0;
      flex-direction: column;
      align-items: stretch;
      justify-content: start;
      gap: 24px;
      height: 100vh;
      padding: 24px 16px 16px;
      overflow-y: auto;
      border-right: 1px solid var(--line);
      border-bottom: 0;
    }
    .framed .brand {
      padding-inline: 8px;
    }
    .menu-button {
      display: none;
    }
    .menu[popover] {
      display: flex;
      flex: 1;
      flex-direction: column;
      justify-content: space-between;
      position: static;
      width: auto;
      height: auto;
      margin: 0;
      padding: 0;
      border: 0;
      overflow: visible;
    }
  }
`;
