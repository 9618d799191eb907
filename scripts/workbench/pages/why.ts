import '@lwc/synthetic-shadow';
import { createElement } from 'lwc';
import GardeWhyKept from 'c/gardeWhyKept';

const element = createElement('c-garde-why-kept', { is: GardeWhyKept });
const record = new URLSearchParams(window.location.search).get('record');
if (record !== null) Object.assign(element, { recordId: record });
document.querySelector('main').appendChild(element);
