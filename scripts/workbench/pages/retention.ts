import '@lwc/synthetic-shadow';
import { createElement } from 'lwc';
import GardeRetention from 'c/gardeRetention';

const element = createElement('c-garde-retention', { is: GardeRetention });
document.querySelector('main').appendChild(element);
