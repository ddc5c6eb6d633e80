import type { ReactNode } from 'react'
import type { Art } from './products.ts'

const drawings: Record<Art, ReactNode> = {
  lamp: (
    <>
      <path d="M60 160V70a40 40 0 0 1 80 0" fill="none" stroke="#14213d" strokeWidth="8" />
      <path d="M105 105a35 35 0 0 1 70 0z" fill="#f4c430" />
      <rect x="30" y="160" width="60" height="12" fill="#14213d" />
    </>
  ),
  clock: (
    <>
      <circle cx="100" cy="100" r="66" fill="#fffdf4" />
      <path d="M100 100V52M100 100l32 22" stroke="#14213d" strokeWidth="9" strokeLinecap="round" />
      <circle cx="100" cy="100" r="9" fill="#e4572e" />
    </>
  ),
  pen: (
    <g transform="rotate(38 100 100)">
      <rect x="88" y="20" width="24" height="118" rx="4" fill="#14213d" />
      <path d="M88 138h24l-12 40z" fill="#f4c430" />
      <rect x="88" y="62" width="24" height="10" fill="#f4c430" />
    </g>
  ),
  book: (
    <>
      <rect x="48" y="36" width="104" height="136" rx="5" fill="#2743e0" />
      <rect x="48" y="36" width="18" height="136" fill="#14213d" />
      <circle cx="109" cy="90" r="22" fill="#f4c430" />
    </>
  ),
  tray: (
    <>
      <rect x="26" y="128" width="148" height="28" fill="#14213d" />
      <rect x="46" y="84" width="56" height="44" fill="#e4572e" />
      <circle cx="136" cy="104" r="24" fill="#fffdf4" />
    </>
  ),
  vase: (
    <>
      <path d="M100 100C98 66 108 48 124 30" fill="none" stroke="#1f7a5c" strokeWidth="7" />
      <circle cx="127" cy="30" r="17" fill="#e4572e" />
      <path d="M84 96h32c0 24 28 32 28 54a44 26 0 0 1-88 0c0-22 28-30 28-54z" fill="#fffdf4" />
    </>
  ),
}

export const ProductArt = ({ art }: { art: Art }) => (
  <svg viewBox="0 0 200 200" aria-hidden="true" className={`art ${art}`}>
    {drawings[art]}
  </svg>
)
