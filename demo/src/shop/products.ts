export const KINDS = ['Light', 'Writing', 'Table'] as const
export type Kind = (typeof KINDS)[number]

export interface Product {
  slug: string
  name: string
  kind: Kind
  /** One line, for the list. */
  note: string
  /** In euros. */
  price: number
  text: string
  facts: Record<string, string>
}

export const products: readonly Product[] = [
  {
    slug: 'arc-lamp',
    name: 'Arc lamp',
    kind: 'Light',
    note: 'Lacquered steel, warm light',
    price: 129,
    text: 'One bent tube and one shade. It stands at the far edge of the desk and lights the page, never your eyes.',
    facts: { Material: 'Lacquered steel', Height: '46 cm', Bulb: 'E27 LED, in the box' },
  },
  {
    slug: 'line-pen',
    name: 'Line pen',
    kind: 'Writing',
    note: 'Brass, refillable',
    price: 48,
    text: 'Turned from one bar of brass. It darkens where you hold it, and takes any standard cartridge.',
    facts: { Material: 'Solid brass', Length: '13.5 cm', Nib: 'Steel, fine or medium' },
  },
  {
    slug: 'dial-clock',
    name: 'Dial clock',
    kind: 'Light',
    note: 'Silent movement',
    price: 64,
    text: 'Two hands and a dot. You see the hour from across the room, and you hear nothing.',
    facts: { Material: 'Birch, glass', Width: '22 cm', Battery: 'One AA, about a year' },
  },
  {
    slug: 'plain-book',
    name: 'Plain book',
    kind: 'Writing',
    note: '192 pages, 100 g paper',
    price: 18,
    text: 'It lies flat on every page. The paper is uncoated and made for ink.',
    facts: { Paper: '100 g, uncoated', Pages: '192, blank', Size: 'A5' },
  },
  {
    slug: 'step-tray',
    name: 'Step tray',
    kind: 'Table',
    note: 'Oiled oak',
    price: 39,
    text: 'Three steps for what lies about: keys, pens, the letter that you will answer tomorrow.',
    facts: { Material: 'Oak, oiled', Width: '32 cm', Care: 'Linseed oil, twice a year' },
  },
  {
    slug: 'one-stem',
    name: 'One stem',
    kind: 'Table',
    note: 'Stoneware vase',
    price: 32,
    text: 'A vase for a single flower. Heavy at the bottom, so that no cat tips it over.',
    facts: { Material: 'Stoneware', Height: '19 cm', Care: 'Dishwasher' },
  },
  {
    slug: 'tilt-mirror',
    name: 'Tilt mirror',
    kind: 'Light',
    note: 'Catches the window',
    price: 58,
    text: 'A round mirror on a hinge. Turn it to the window, and the dark side of the room gets some sun.',
    facts: { Material: 'Glass, brass hinge', Width: '24 cm', Weight: '1.1 kg' },
  },
  {
    slug: 'pin-board',
    name: 'Pin board',
    kind: 'Writing',
    note: 'Cork and twelve pins',
    price: 42,
    text: 'For notes that must be seen. Cork from bark that grows again, in a frame of ash.',
    facts: { Material: 'Cork, ash', Size: '60 × 40 cm', Pins: 'Twelve, in four colours' },
  },
  {
    slug: 'half-cup',
    name: 'Half cup',
    kind: 'Table',
    note: 'Stoneware, 180 ml',
    price: 22,
    text: 'The right size for a coffee between two pages. No handle: it is glazed only halfway up.',
    facts: { Material: 'Stoneware', Volume: '180 ml', Care: 'Dishwasher' },
  },
  {
    slug: 'candle-dish',
    name: 'Candle dish',
    kind: 'Light',
    note: 'Iron, for short candles',
    price: 28,
    text: 'A dish with a ring for the finger. For power cuts, and for evenings that should feel like one.',
    facts: { Material: 'Cast iron', Width: '14 cm', Candle: 'One, in the box' },
  },
  {
    slug: 'long-ruler',
    name: 'Long ruler',
    kind: 'Writing',
    note: 'Beech, 40 cm',
    price: 16,
    text: 'Forty centimetres of beech with a steel edge. It starts at zero, where it should.',
    facts: { Material: 'Beech, steel edge', Length: '40 cm', Marks: 'Burnt, not printed' },
  },
  {
    slug: 'desk-bell',
    name: 'Desk bell',
    kind: 'Table',
    note: 'One clear note',
    price: 36,
    text: 'One tap, one note: lunch, the post, the end of the day. Cast by the last bell founder of the valley.',
    facts: { Material: 'Bell bronze', Width: '9 cm', Note: 'A, more or less' },
  },
]

export const findProduct = (slug: unknown): Product | undefined =>
  products.find((product) => product.slug === slug)

export const nameOf = (slug: string): string => findProduct(slug)?.name ?? slug

export const SORTS = { featured: 'Featured', cheapest: 'Cheapest first', dearest: 'Dearest first' } as const
export type Sort = keyof typeof SORTS

/** What the list shows: its part of the page's address. */
export interface Choice {
  q?: string
  kind?: Kind
  sort?: Sort
}

/** The products that fit. Words are looked for in all that a card says. */
export function choose({ q = '', kind, sort = 'featured' }: Choice): Product[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = (product: Product) => {
    const said = `${product.name} ${product.note} ${product.kind}`.toLowerCase()
    return (!kind || product.kind === kind) && words.every((word) => said.includes(word))
  }
  const chosen = products.filter(fits)
  if (sort === 'cheapest') return chosen.sort((a, b) => a.price - b.price)
  if (sort === 'dearest') return chosen.sort((a, b) => b.price - a.price)
  return chosen
}
