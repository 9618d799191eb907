import '@lwc/synthetic-shadow';
import { createElement } from 'lwc';
import GardeApprovals from 'c/gardeApprovals';

const element = createElement('c-garde-approvals', { is: GardeApprovals });
document.querySelector('main').appendChild(element);
