import { css } from 'lit';

export const events = css``;
