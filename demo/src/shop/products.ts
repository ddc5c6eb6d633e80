export type Art = 'lamp' | 'clock' | 'pen' | 'book' | 'tray' | 'vase'

export interface Product {
  art: Art
  name: string
  note: string
  price: number
}

export const products: readonly Product[] = [
  { art: 'lamp', name: 'Arc lamp', note: 'Lacquered steel', price: 129 },
  { art: 'clock', name: 'Noon clock', note: 'Silent movement', price: 64 },
  { art: 'pen', name: 'Line pen', note: 'Brass, refillable', price: 48 },
  { art: 'book', name: 'Plain book', note: '192 pages, 100 g', price: 18 },
  { art: 'tray', name: 'Step tray', note: 'Oiled oak', price: 39 },
  { art: 'vase', name: 'One stem', note: 'Stoneware', price: 32 },
]
