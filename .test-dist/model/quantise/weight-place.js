export const isQuantised = (place) => place.dtype === 'int8' || place.dtype === 'int4';
