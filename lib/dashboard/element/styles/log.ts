import { css } from 'lit';

export const log = css``;
