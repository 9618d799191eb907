import '@lwc/synthetic-shadow';
import { createElement } from 'lwc';
import GardeDuplicateReview from 'c/gardeDuplicateReview';

const element = createElement('c-garde-duplicate-review', { is: GardeDuplicateReview });
document.querySelector('main').appendChild(element);
