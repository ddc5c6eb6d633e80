import type { ReactNode } from 'react'

const INK = '#14213d'
const CREAM = '#fffdf4'
const SUN = '#f4c430'
const CORAL = '#e4572e'
const BLUE = '#2743e0'

/** Each stands on a desk whose edge is at 152 of 200. */
const drawings: Record<string, ReactNode> = {
  'arc-lamp': (
    <>
      <path className="glow" d="M136 108 96 172h140l-28-64z" fill={CREAM} opacity=".45" />
      <ellipse cx="88" cy="160" rx="42" ry="9" fill={INK} />
      <path d="M88 158V82a42 42 0 0 1 84 0v4" fill="none" stroke={INK} strokeWidth="7" />
      <circle cx="172" cy="108" r="11" fill={CREAM} />
      <path d="M134 109a38 38 0 0 1 76 0z" fill={SUN} />
      <path d="M172 71a38 38 0 0 1 38 38h-38z" fill="#d9a91c" />
    </>
  ),
  'line-pen': (
    <>
      <path
        d="M34 172c16-12 24 8 40-2s22 6 34-3"
        fill="none"
        stroke={INK}
        strokeWidth="4"
        strokeLinecap="round"
      />
      <g transform="rotate(-42 112 166)">
        <path d="M112 166l26-10v20z" fill={INK} />
        <rect x="136" y="154" width="92" height="24" rx="3" fill={SUN} />
        <path d="M136 166h92v9a3 3 0 0 1-3 3h-89z" fill="#c9980f" />
        <rect x="150" y="154" width="8" height="24" fill={INK} />
        <rect x="222" y="154" width="10" height="24" rx="3" fill={INK} />
      </g>
    </>
  ),
  'dial-clock': (
    <>
      <path d="M88 150l-8 18M152 150l8 18" stroke={INK} strokeWidth="8" strokeLinecap="round" />
      <circle cx="120" cy="92" r="68" fill={INK} />
      <circle cx="120" cy="92" r="60" fill={CREAM} />
      <path d="M120 40v10M120 134v10M68 92h10M162 92h10" stroke={INK} strokeWidth="5" strokeLinecap="round" />
      <path d="M120 92V58M120 92l26 18" stroke={INK} strokeWidth="8" strokeLinecap="round" />
      <circle cx="120" cy="92" r="8" fill={CORAL} />
    </>
  ),
  'plain-book': (
    <>
      <path d="M80 168 74 44a8 8 0 0 1 8-8h78a8 8 0 0 1 8 8v124z" fill={BLUE} />
      <path d="M160 44h8v124h-8z" fill={CREAM} />
      <path d="M162 50v112M165 50v112" stroke="#d6cfb8" strokeWidth="1.5" />
      <path d="M72 44a8 8 0 0 1 8-8h14v132H72z" fill={INK} />
      <circle cx="128" cy="86" r="20" fill={SUN} />
      <path d="M142 36h10v58l-5-6-5 6z" fill={CORAL} />
    </>
  ),
  'step-tray': (
    <>
      <path d="M44 82h54v24h48v24h50v38H44z" fill="#a9652b" />
      <path d="M44 82h54v5H44zM98 106h48v5H98zM146 130h50v5h-50z" fill="#c98345" />
      <path d="M52 50h44v30H52z" fill={CREAM} />
      <path d="m52 50 22 17 22-17" fill="none" stroke={INK} strokeWidth="3" />
      <circle cx="122" cy="92" r="14" fill={BLUE} />
      <path d="M158 128V72l8-14 8 14v56z" fill={CORAL} />
      <path d="m158 72 8-14 8 14z" fill={CREAM} />
      <path d="M163 63.5l3-5.5 3 5.5z" fill={INK} />
    </>
  ),
  'one-stem': (
    <>
      <path d="M120 98C118 70 126 52 140 38" fill="none" stroke="#8fe0b8" strokeWidth="6" />
      <path d="M122 74c-14 2-24-6-28-18 14-2 26 4 28 18z" fill="#8fe0b8" />
      <g fill={CORAL}>
        <circle cx="142" cy="20" r="11" />
        <circle cx="158" cy="31" r="11" />
        <circle cx="152" cy="49" r="11" />
        <circle cx="133" cy="49" r="11" />
        <circle cx="127" cy="31" r="11" />
      </g>
      <circle cx="142" cy="36" r="9" fill={SUN} />
      <path d="M106 94h28c0 22 26 30 26 50a40 24 0 0 1-80 0c0-20 26-28 26-50z" fill={CREAM} />
      <path d="M134 94c0 22 26 30 26 50a40 24 0 0 1-40 24c28-14 20-44 0-74z" fill="#d9dccd" />
    </>
  ),
  'tilt-mirror': (
    <>
      <ellipse cx="120" cy="164" rx="44" ry="8" fill={INK} />
      <path d="M120 162v-22" stroke={INK} strokeWidth="8" />
      <g transform="rotate(-10 120 82)">
        <circle cx="120" cy="82" r="62" fill={SUN} />
        <circle cx="120" cy="82" r="53" fill="#eaf6ff" />
        <path d="M80 117 155 42a53 53 0 0 1 12 16l-71 71a53 53 0 0 1-16-12z" fill={CREAM} />
        <path d="m103 133 69-69a53 53 0 0 1 1.5 10l-61 61a53 53 0 0 1-9.5-2z" fill={CREAM} />
      </g>
    </>
  ),
  'pin-board': (
    <>
      <rect x="36" y="34" width="168" height="134" rx="4" fill="#e8d3a8" />
      <rect x="46" y="44" width="148" height="114" fill="#c98345" />
      <g fill="#a9652b">
        <circle cx="60" cy="140" r="2" />
        <circle cx="100" cy="148" r="2" />
        <circle cx="182" cy="60" r="2" />
        <circle cx="120" cy="52" r="2" />
        <circle cx="176" cy="146" r="2" />
        <circle cx="56" cy="96" r="2" />
      </g>
      <rect x="62" y="58" width="46" height="50" fill={CREAM} transform="rotate(-5 85 83)" />
      <path d="M71 76h26M71 86h26M71 96h16" stroke={INK} strokeWidth="3" transform="rotate(-5 85 83)" />
      <rect x="124" y="70" width="54" height="38" fill={BLUE} transform="rotate(4 151 89)" />
      <rect x="96" y="112" width="42" height="34" fill={SUN} transform="rotate(3 117 129)" />
      <circle cx="85" cy="60" r="6" fill={CORAL} />
      <circle cx="152" cy="72" r="6" fill={SUN} />
      <circle cx="117" cy="114" r="6" fill={INK} />
    </>
  ),
  'half-cup': (
    <>
      <path
        className="steam"
        d="M104 62c-10-10 8-18 0-30M128 66c-10-12 10-22 0-36"
        fill="none"
        stroke={CREAM}
        strokeWidth="6"
        strokeLinecap="round"
      />
      <ellipse cx="118" cy="164" rx="62" ry="9" fill={INK} />
      <path d="M74 84h88l-8 66a14 14 0 0 1-14 12H96a14 14 0 0 1-14-12z" fill="#b5522b" />
      <path d="M74 84h88l-4.6 38c-24 10-54 10-78.8 0z" fill={CREAM} />
      <path d="M162 84l-8 66a14 14 0 0 1-14 12h-8c10-18 12-52 12-78z" fill={INK} opacity=".12" />
      <ellipse cx="118" cy="84" rx="44" ry="8" fill="#5a2f1c" />
    </>
  ),
  'candle-dish': (
    <>
      <circle className="glow" cx="116" cy="72" r="44" fill={CREAM} opacity=".4" />
      <circle cx="186" cy="146" r="15" fill="none" stroke={INK} strokeWidth="7" />
      <path d="M52 142h128c0 16-20 24-40 24H92c-20 0-40-8-40-24z" fill={INK} />
      <rect x="102" y="92" width="28" height="52" fill={CREAM} />
      <path d="M120 92h10v52h-10z" fill="#e3decb" />
      <path d="M116 92V82" stroke={INK} strokeWidth="3" />
      <path d="M116 46c12 14 15 22 10 31-4 7-16 7-20 0-5-9 0-17 10-31z" fill={SUN} />
      <path d="M116 62c5 7 6 11 4 15-2 3-6 3-8 0-2-4-1-8 4-15z" fill={CORAL} />
    </>
  ),
  'long-ruler': (
    <g transform="rotate(-24 120 130)">
      <rect x="14" y="112" width="214" height="38" fill="#e8d3a8" />
      <rect x="14" y="144" width="214" height="6" fill="#8c97ad" />
      <path
        d="M26 112v18M46 112v10M66 112v18M86 112v10M106 112v18M126 112v10M146 112v18M166 112v10M186 112v18M206 112v10"
        stroke={INK}
        strokeWidth="4"
      />
      <circle cx="214" cy="132" r="5" fill={INK} />
    </g>
  ),
  'desk-bell': (
    <>
      <path
        className="steam"
        d="M46 84a82 82 0 0 1 22-34M194 84a82 82 0 0 0-22-34"
        fill="none"
        stroke={CREAM}
        strokeWidth="6"
        strokeLinecap="round"
      />
      <rect x="50" y="150" width="140" height="16" rx="4" fill={INK} />
      <path d="M62 144a58 58 0 0 1 116 0z" fill={SUN} />
      <path d="M120 86a58 58 0 0 1 58 58h-30c0-26-10-46-28-58z" fill="#d9a91c" />
      <rect x="116" y="72" width="8" height="16" fill={INK} />
      <circle cx="120" cy="68" r="9" fill={CORAL} />
    </>
  ),
}

/** The picture of a product. The colours around it are those of the class `art`. */
export const ProductArt = ({ slug }: { slug: string }) => (
  <svg viewBox="0 0 240 200" aria-hidden="true" preserveAspectRatio="xMidYMax meet">
    {drawings[slug]}
  </svg>
)
