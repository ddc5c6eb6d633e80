export const Shop = () => <h1>Shop</h1>
