/** The demo's help centre: topic, title, text. */
export const helpArticles: readonly (readonly [topic: string, title: string, text: string])[] = [
  [
    'Delivery',
    'When will my order arrive?',
    'Orders leave our workshop within two working days and take one to three more by post.',
  ],
  [
    'Delivery',
    'What does delivery cost?',
    'Delivery is 4.90 within the country and free for orders of 80 or more.',
  ],
  ['Delivery', 'Do you ship abroad?', 'We ship to all of Europe. Abroad a parcel takes about a week.'],
  [
    'Delivery',
    'Where is my parcel?',
    'The tracking number stands in the mail that we send when your parcel leaves.',
  ],
  [
    'Delivery',
    'Can I change the delivery address?',
    'Until the parcel is packed, yes: write to us with your order number.',
  ],
  [
    'Delivery',
    'Can I collect my order myself?',
    'Choose Collect in the cart and pick it up in the workshop on weekdays from 10 to 6.',
  ],
  [
    'Returns',
    'How do I return something?',
    'Within 30 days, with the label in your parcel. A return is free.',
  ],
  [
    'Returns',
    'When do I get my refund?',
    'Three working days after your return reaches us, the way you paid.',
  ],
  [
    'Returns',
    'Can I exchange a colour?',
    'Yes. Send the first one back and note the colour you would like on the slip.',
  ],
  [
    'Returns',
    'My parcel arrived damaged',
    'Send us a picture of the damage and the box. We replace broken goods at once.',
  ],
  ['Returns', 'Can I return a gift?', 'Yes. The giver is not told, and you get a voucher.'],
  ['Payment', 'How can I pay?', 'By card, bank transfer, invoice, or with a gift voucher.'],
  [
    'Payment',
    'Where is my invoice?',
    'We send the invoice as a PDF with the shipping mail. It is in your account as well.',
  ],
  [
    'Payment',
    'My card was declined',
    'Check the limit with your bank, or pay by transfer. Nothing was taken from your card.',
  ],
  [
    'Payment',
    'How do gift vouchers work?',
    'Enter the code in the cart. What is left over stays on the voucher for three years.',
  ],
  ['Payment', 'Can a company buy on account?', 'Yes, after the first order, with 30 days to pay.'],
  [
    'Products',
    'Which bulb does the Arc lamp take?',
    'A standard E27 LED of up to 8 watts. One is in the box.',
  ],
  [
    'Products',
    'How do I clean the lamp?',
    'Unplug it and wipe it with a dry cloth. No cleaning agents on the lacquer.',
  ],
  ['Products', 'How do I care for wood?', 'A drop of linseed oil twice a year keeps oak from drying out.'],
  ['Products', 'Which ink fits the pen?', 'Any international standard cartridge, short or long.'],
  [
    'Products',
    'Is the notebook paper good for fountain pens?',
    'Yes: 100 grams, uncoated, and it does not bleed through.',
  ],
  [
    'Products',
    'How exact is the clock?',
    'Within one second a day. It takes one AA battery that lasts about a year.',
  ],
  [
    'Products',
    'Do you sell spare parts?',
    'For all that we made in the last ten years. Write to us with a picture.',
  ],
  [
    'Products',
    'What is the guarantee?',
    'Five years on everything with a cable or a hinge, two years on the rest.',
  ],
  [
    'Account',
    'Do I need an account to order?',
    'No. An account only keeps your addresses and invoices together.',
  ],
  [
    'Account',
    'I forgot my password',
    'Ask for a new one on the sign-in page. The link in the mail is good for an hour.',
  ],
  [
    'Account',
    'How do I delete my account?',
    'In your account under Privacy. We keep invoices as long as the law asks for.',
  ],
  [
    'Account',
    'What do you store about me?',
    'With your consent a session id in this browser. Without it, nothing at all.',
  ],
]
