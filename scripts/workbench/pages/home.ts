import '@lwc/synthetic-shadow';
import { createElement } from 'lwc';
import GardeHome from 'c/gardeHome';

const element = createElement('c-garde-home', { is: GardeHome });
document.querySelector('main').appendChild(element);
