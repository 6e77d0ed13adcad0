import { css } from 'lit';

/**
 * Forced colours remove backgrounds, and show transparent borders. So states that a background shows
 * elsewhere use the reader's own colours here.
 */
export const forcedColors = css`
  @media (forced-colors: active) {
    .switch {
      border: 1px solid ButtonText;
      background: ButtonFace;
      forced-color-adjust: none;
    }
    .switch::after {
      inset-block: 1px;
      inset-inline-start: 1px;
      background: ButtonText;
    }
    .switch[aria-checked='true'] {
      border-color: Highlight;
      background: Highlight;
    }
    .switch[aria-checked='true']::after {
      inset-inline-start: 17px;
      background: HighlightText;
    }
    .tabs > * {
      border-color: Canvas;
    }
    .tabs.main > [aria-current='page'],
    .tabs > [aria-current='page'],
    .segments > [aria-pressed='true'],
    .side-link[aria-current='page'],
    .snippet-tabs > [aria-selected='true'] {
      border-color: Highlight;
      background: Highlight;
      color: HighlightText;
      forced-color-adjust: none;
    }
    .badge,
    .toast,
    .problem::before {
      border: 1px solid CanvasText;
    }
    .problem::before {
      line-height: 14px;
    }
    .badge::before,
    .log-live::before,
    .skeleton {
      background: CanvasText;
      forced-color-adjust: none;
    }
    .figures {
      border-color: CanvasText;
      background: CanvasText;
      forced-color-adjust: none;
    }
    .figures > div {
      background: Canvas;
      color: CanvasText;
    }
    .figures :is(dt, dd) {
      color: CanvasText;
    }
    .spark-none {
      fill: GrayText;
    }
    progress {
      border: 1px solid CanvasText;
    }
    progress::-webkit-progress-value {
      background: Highlight;
      forced-color-adjust: none;
    }
  }
`;
